// What whoever watches is told of operators: which text is in use, and by which names things go. No value of a
// secret is among it.

import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { factsOf } from '../../../src/operators/facts-of.js';
import { readPreset } from '../../../src/operators/presets.js';
import { environment, fileWith, loadTexts, soundFile } from '../../support/operator-text.js';

const extending = `version: 1
operator: extending
extends: generic-json
platform:
  agents: [{ agentID: EXTENDING01, currency: EUR, keys: [gsp] }]
secrets:
  gsp: { env: OTHER_GSP_KEY }
  signKey: { env: WALLET_TOKEN }
wallet: { baseUrl: https://wallet.example }
`;
const beginning = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
const factsIn = (text: string) => factsOf(loadTexts({ 'a.yaml': text }, { env: environment }))[0];

test('the hash is of the file, as sha256sum has it', () => {
  expect(factsIn(soundFile)).toEqual({
    name: 'sound',
    fileHash: beginning(soundFile),
    preset: undefined,
    agents: ['SOUND01'],
    keys: ['gsp'],
    deadline: 9_000,
    calls: ['send', 'undo', 'balance'],
    platformCalls: [],
  });
});

test('a preset is named, and part of the hash', () => {
  const { text } = readPreset('generic-json');

  expect(factsIn(extending)).toMatchObject({ preset: 'generic-json', fileHash: beginning(extending + text) });
});

test('another secret is the same text', () => {
  const other = factsOf(
    loadTexts({ 'a.yaml': soundFile }, { env: { ...environment, GSP_KEY: 'another-platform-key' } }),
  );

  expect(other).toEqual([factsIn(soundFile)]);
});

test('keys go by their names, each once, and those that are not set by none', () => {
  const rotating = fileWith(
    ['keys: [gsp] }', 'keys: [gsp, next, later] }, { agentID: OTHER02, currency: EUR, keys: [next] }'],
    [
      'gsp: { env: GSP_KEY }',
      'gsp: { env: GSP_KEY }\n  next: { env: OTHER_GSP_KEY }\n  later: { env: NO, optional: true }',
    ],
  );

  expect(factsIn(rotating)?.keys).toEqual(['gsp', 'next']);
});
