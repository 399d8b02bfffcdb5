// `schema`: what editors know of operator files.

import type { Command } from 'commander';
import { operatorJsonSchema } from './schema/json-schema.js';
import { write } from './print.js';

export function declareSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of operator files, for editors: wallet-bridge schema > operator.schema.json')
    .action(() => write(process.stdout, operatorJsonSchema()));
}
