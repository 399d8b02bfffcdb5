// `transactions`: what a person sees and does about records nobody else can finish. Its commands read and
// write the journal only; every wallet call that follows is the resolver's, in whatever replica comes
// first. They must never call a wallet themselves.

import type { Command } from 'commander';
import { declareExport } from './transactions/export.js';
import { declareFind } from './transactions/find.js';
import { declareList } from './transactions/list.js';
import { declareResolve } from './transactions/resolve.js';
import { declareShow } from './transactions/show.js';
import { declareTryNow } from './transactions/try-now.js';

export function declareTransactions(program: Command): void {
  const transactions = program
    .command('transactions')
    .description('see and end what only a person can; exit code 0: done, 1: not possible, 2: could not be asked');
  for (const declare of [declareList, declareFind, declareShow, declareResolve, declareTryNow, declareExport])
    declare(transactions);
}
