// `site-key`: a new key for one of an operator's sites. It is printed once and kept nowhere: the file gets its
// hash.

import type { Command } from 'commander';
import { makeSiteKey } from '../platform/site-keys.js';
import { print } from './print.js';

export function declareSiteKey(program: Command): void {
  program
    .command('site-key')
    .description('make a key for a site of yours that has the platform asked; its hash stands in the operator file')
    .action(() => {
      const { key, keyHash } = makeSiteKey();
      print({
        lines: [
          `key      ${key}`,
          `keyHash  ${keyHash}`,
          '',
          'Give the key to the site; nobody can find it out again. Put the hash into platform.api.sites of the file,',
          'beside the site’s old one until it asks with the new.',
        ],
        exitCode: 0,
      });
    });
}
