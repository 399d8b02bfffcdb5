// The operator files of the project, by a name for each: every preset, every example, the demo's.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { presetNames } from '../../src/operators/presets.js';
import { root } from './pages.js';

const examples = readdirSync(join(root, 'config/examples')).filter((name) => name.endsWith('.yaml'));

export const operatorFiles: readonly (readonly [name: string, file: string])[] = [
  ...presetNames().map((name) => [name, join(root, `test/support/presets/${name}.operator.yaml`)] as const),
  ...examples.map((name) => [name, join(root, 'config/examples', name)] as const),
  ['demo.yaml', join(root, 'config/operators/demo.yaml')],
];
