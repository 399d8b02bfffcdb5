#!/usr/bin/env node
// The list of commands, in the order of `--help`. Each file of `commands` says what one is asked, does it and
// prints it.

import { declareCheck } from './commands/check.js';
import { runCommandLine } from './commands/command-line.js';
import { declareDemo } from './commands/demo.js';
import { declareExplain } from './commands/explain.js';
import { declareInit } from './commands/init.js';
import { declareJournal } from './commands/journal-adopt.js';
import { declareProbe } from './commands/probe.js';
import { declareReconcile } from './commands/reconcile.js';
import { declareSchema } from './commands/schema.js';
import { declareServe } from './commands/serve.js';
import { declareSimulate } from './commands/simulate.js';
import { declareSiteKey } from './commands/site-key.js';
import { declareTransactions } from './commands/transactions.js';

await runCommandLine([
  declareServe,
  declareCheck,
  declareInit,
  declareSchema,
  declareProbe,
  declareExplain,
  declareSimulate,
  declareSiteKey,
  declareTransactions,
  declareJournal,
  declareReconcile,
  declareDemo,
]);
