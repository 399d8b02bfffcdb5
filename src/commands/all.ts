// The list of commands, in the order of `--help`. Each file of `commands` says what one is asked, does it and
// prints it.

import { declareCheck } from './check.js';
import { runCommandLine } from './command-line.js';
import { declareDemo } from './demo.js';
import { declareDoctor } from './doctor.js';
import { declareExplain } from './explain.js';
import { declareInit } from './init.js';
import { declareJournal } from './journal-adopt.js';
import { declareProbe } from './probe.js';
import { declareReconcile } from './reconcile.js';
import { declareSchema } from './schema.js';
import { declareServe } from './serve.js';
import { declareSign } from './sign.js';
import { declareSimulate } from './simulate.js';
import { declareSiteKey } from './site-key.js';
import { declareTransactions } from './transactions.js';
import { declareWhy } from './transactions/show.js';

export const runCommands = (): Promise<void> =>
  runCommandLine([
    declareServe,
    declareDoctor,
    declareCheck,
    declareInit,
    declareSchema,
    declareProbe,
    declareExplain,
    declareSimulate,
    declareSign,
    declareSiteKey,
    declareTransactions,
    declareWhy,
    declareJournal,
    declareReconcile,
    declareDemo,
  ]);
