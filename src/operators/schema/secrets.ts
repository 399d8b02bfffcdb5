// What an operator file names without saying it: its secrets. And what it says of its own wallet for
// expressions to read.

import { z } from 'zod';
import { anything, strict, table, template, text } from './values.js';

const secret = strict(
  {
    env: text('the name of an environment variable').optional().describe('The environment variable that holds it.'),
    file: text('a path').optional().describe('The file that holds it; one line break at its end is not part of it.'),
    optional: z
      .boolean('true or false')
      .default(false)
      .describe('Whether the bridge may start without it; read it as ${secrets.?name}.'),
  },
  '{ env: NAME } or { file: path }, never the secret itself',
).describe('One secret: { env: NAME } or { file: path }.');

export const secrets = table(secret, 'a map of secrets')
  .default({})
  .describe('Keys and tokens by name, never written here: each comes from the environment or from a file.');

export const settings = table(anything.describe('A constant or a table.'), 'a map of constants and tables')
  .default({})
  .describe('Constants and tables of this wallet, read as ${settings.name}.');

export const vars = table(
  template.describe('Text with ${…} in it, worked out once a call where it is read.'),
  'a map of expressions',
)
  .default({})
  .describe('Intermediate values, read as ${vars.name}; each may read those above it.');
