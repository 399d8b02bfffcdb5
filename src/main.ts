#!/usr/bin/env node
// The command line. Each command is one step into its module; what it prints and its exit code come from there.

import { Command, InvalidArgumentError, Option } from 'commander';
import { StartRefused, startApp } from './app.js';
import { JournalUnavailable } from './domain/ports.js';
import { MemoryFacts } from './journal/memory-facts.js';
import type { RedisJournal } from './journal/redis-journal.js';
import { visitJournal } from './journal/visit-journal.js';
import { createLog } from './observe/log.js';
import { operatorJsonSchema } from './commands/json-schema.js';
import { describeSettings, readSettings, type Settings } from './settings.js';
import { adoptJournal } from './commands/journal-adopt.js';
import { runCheck } from './commands/check.js';
import { runDemo } from './demo/demo.js';
import { runExplain } from './commands/explain.js';
import { listPresets, runInit } from './commands/init.js';
import { runProbe } from './commands/probe.js';
import { runReconcile, type ReconcileOptions } from './commands/reconcile.js';
import {
  agentsOfOperator,
  listTransactions,
  resolveTransaction,
  showTransaction,
  tryNow,
  type ListOptions,
  type Printed,
  type Resolution,
} from './commands/transactions.js';

function print(lines: readonly string[], exitCode: number): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.exitCode = exitCode;
}

function refuse(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

async function serve(): Promise<void> {
  const read = readSettings(process.env);
  if ('problems' in read) refuse(read.problems);
  const log = createLog(read.settings.LOG_LEVEL);
  try {
    const starting = startApp(read.settings, process.env, log);
    // From the first moment on, because until somebody listens to it this signal ends the process.
    process.on('SIGHUP', () => {
      starting.then(
        (app) => app.reload(),
        () => undefined,
      );
    });
    const app = await starting;
    const end = (): void =>
      void app.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    process.once('SIGTERM', end).once('SIGINT', end);
  } catch (error) {
    if (error instanceof StartRefused) refuse(error.lines);
    throw error;
  }
}

const program = new Command('wallet-bridge').description(
  'Bridges GitSlotPark’s wallet callbacks to a wallet you already have.',
);

program
  .command('serve', { isDefault: true })
  .description('answer the platform’s callbacks')
  .addHelpText('after', `\nSettings (environment):\n${describeSettings()}`)
  .action(serve);

program
  .command('check')
  .description('check operator files; exit code 0: fine, 1: something is wrong, 2: could not check')
  .argument('<file...>', 'operator files')
  .addOption(
    new Option('--format <format>', 'how to print it').choices(['text', 'json'] as const).default('text' as const),
  )
  .option('--strict', 'warnings are wrong, too', false)
  .addHelpText(
    'after',
    `
With --format json: one line { operators, problems, failed }. operators: names of those without an error; problems: a list
of { severity: error | warning, file, line, col, path, message }; failed: why nothing was checked, otherwise empty.`,
  )
  .action((files: string[], options: { format: 'text' | 'json'; strict: boolean }) => {
    const { lines, exitCode } = runCheck(files, { ...options, env: process.env });
    print(lines, exitCode);
  });

program
  .command('init')
  .description(
    'write an operator file to begin with; exit code 0: done, 1: the file is there already, 2: cannot be written',
  )
  .argument('[file]', 'where; by default the operator’s name with .yaml')
  .option('--preset <name>', 'for a wallet the bridge knows, instead of a JSON wallet of your own')
  .option('--operator <name>', 'your short name; by default as the file is called')
  .option('--list', 'only list the presets', false)
  .action((file: string | undefined, { list, ...options }: { list: boolean; preset?: string; operator?: string }) => {
    if (list) return print(listPresets(), 0);
    const { lines, exitCode } = runInit({ ...options, ...(file === undefined ? {} : { file }) });
    return print(lines, exitCode);
  });

program
  .command('schema')
  .description('print the JSON Schema of operator files, for editors: wallet-bridge schema > operator.schema.json')
  .action(() => void process.stdout.write(operatorJsonSchema()));

program
  .command('probe')
  .description(
    'find out with a player of your TEST wallet what your file may promise of it; moves money. Exit code 0: the wallet keeps what the file promises, 1: it was seen to keep less, 2: could not be probed',
  )
  .argument('<file>', 'operator file')
  .requiredOption('--player <id>', 'a player of the test wallet, whom nobody else plays meanwhile')
  .option('--amount <amount>', 'what a bet or win is made of', '1.00')
  .option('--yes-this-is-a-test-wallet', 'without it, only says what it would do', false)
  .action(async (file: string, options: { player: string; amount: string; yesThisIsATestWallet: boolean }) => {
    const { player, amount, yesThisIsATestWallet: consent } = options;
    const facts = new MemoryFacts(() => Date.now());
    const show = (line: string): void => void process.stdout.write(`${line}\n`);
    process.exitCode = await runProbe(file, { player, amount, consent, env: process.env, facts, print: show });
  });

/** Each "name=value". */
function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)] as const),
  );
}

const kinds = ['withdraw', 'deposit', 'betWin'] as const;

program
  .command('explain')
  .description(
    'show the exact request your wallet would get, secrets masked, and what a reply would become, rule by rule',
  )
  .argument('<file>', 'operator file')
  .argument('<operation>', 'getBalance, withdraw, deposit, betWin, closeRound, rollback or lookup')
  .addOption(new Option('--of <kind>', 'of a rollback or lookup: what it is about').choices(kinds))
  .option('--field <name=value...>', 'fields of the callback instead of made-up ones', [])
  .option('--reply <file>', 'a JSON file { status, headers, body }: what would become of this reply')
  .action(
    (file: string, operation: string, options: { of?: (typeof kinds)[number]; field: string[]; reply?: string }) => {
      const { lines, exitCode } = runExplain(file, operation, {
        env: process.env,
        fields: pairs(options.field),
        ...(options.of === undefined ? {} : { of: options.of }),
        ...(options.reply === undefined ? {} : { replyFile: options.reply }),
      });
      print(lines, exitCode);
    },
  );

/** A person's command against the live journal: prints what it says. */
async function atJournal(work: (journal: RedisJournal, settings: Settings) => Promise<Printed>): Promise<void> {
  const read = readSettings(process.env);
  const problems = 'problems' in read ? read.problems : ['REDIS_URL: must be set, to the Redis of the running bridge'];
  if ('problems' in read || read.settings.REDIS_URL === undefined) {
    complain(problems);
    return;
  }
  const { settings } = read;
  try {
    const visited = await visitJournal(
      {
        url: read.settings.REDIS_URL,
        replicas: settings.REDIS_WAIT_REPLICAS,
      },
      (journal) => work(journal, settings),
    );
    print(visited.lines, visited.exitCode);
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error;
    complain([error.message]);
  }
}

function complain(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exitCode = 2;
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 on');
  return Number(text);
}

const sayings = ['applied', 'notApplied', 'sameWallet', 'writtenOff'] as const;
type Said = Omit<Resolution, 'said'> & Partial<Record<(typeof sayings)[number], boolean>>;

const transactions = program
  .command('transactions')
  .description('see and end what only a person can; exit code 0: done, 1: not possible, 2: could not be asked');

transactions
  .command('list')
  .description('unfinished transactions, the oldest first')
  .addOption(new Option('--state <state>', 'only these').choices(['held', 'open', 'claimed', 'unreadable'] as const))
  .option('--operator <name>', 'only of this operator, whose agents stand in OPERATORS_DIR')
  .option('--limit <n>', 'at most so many lines', positive, 50)
  .addOption(
    new Option('--format <format>', 'how to print it').choices(['text', 'json'] as const).default('text' as const),
  )
  .action(({ operator, ...options }: ListOptions & { operator?: string }) =>
    atJournal((journal, { OPERATORS_DIR }) => {
      if (operator === undefined) return listTransactions(journal, options);
      const agents = agentsOfOperator(operator, OPERATORS_DIR, process.env);
      if (agents !== undefined) return listTransactions(journal, { ...options, agents });
      return Promise.resolve({ lines: [`no operator ${operator} in ${OPERATORS_DIR}`], exitCode: 2 });
    }),
  );

transactions
  .command('show')
  .description('one transaction: what is known, what the platform was told, and its story')
  .argument('<agentID>')
  .argument('<transactionID>')
  .action((agentID: string, transactionID: string) =>
    atJournal((journal) => showTransaction(journal, { agentID, transactionID })),
  );

transactions
  .command('resolve')
  .description('say what the wallet did, after looking there; the bridge does what follows')
  .argument('<agentID>')
  .argument('<transactionID>')
  .option('--applied', 'the wallet has it')
  .option('--not-applied', 'the wallet does not have it, or no longer, and will not get it')
  .option('--same-wallet', 'the wallet its agent has today is the one it was begun with')
  .option('--written-off', 'nobody will see to it: it ends as a difference that reconcile lists as explained')
  .addOption(new Option('--leg <leg>', 'of a betWin made by two calls: which').choices(['bet', 'win'] as const))
  .requiredOption('--reason <text>', 'how you know; kept with the record')
  .action((agentID: string, transactionID: string, { reason, leg, ...said }: Said) => {
    const [one, ...more] = sayings.filter((word) => said[word] === true);
    if (one === undefined || more.length > 0)
      return complain(['say one of --applied, --not-applied, --same-wallet, --written-off']);
    const resolution = { said: one, reason, ...(leg && { leg }) };
    return atJournal((journal) => resolveTransaction(journal, { agentID, transactionID }, resolution));
  });

transactions
  .command('try-now')
  .description('let the bridge try again at once')
  .argument('<agentID>')
  .argument('<transactionID>')
  .action((agentID: string, transactionID: string) =>
    atJournal((journal) => tryNow(journal, { agentID, transactionID })),
  );

program
  .command('journal')
  .description('the journal as a whole')
  .command('adopt')
  .description(
    'say that what Redis holds is the journal: once when it is new, and on purpose after it was emptied or replaced',
  )
  .option('--replace', 'also where it holds a journal: running replicas move no money until they are restarted', false)
  .action(({ replace }: { replace: boolean }) => atJournal((journal) => adoptJournal(journal, replace)));

program
  .command('reconcile')
  .description(
    'compare the journal with your wallet’s ledger; exit code 0: all agree and is finished, 1: something does not, 2: could not compare',
  )
  .requiredOption('--wallet <file>', 'CSV export of your wallet’s ledger, with a header')
  .option('--platform <file>', 'CSV list of the platform’s callbacks, with a header')
  .option('--columns <name=header...>', 'headers of the ledger that are not called reference, amount, type', [])
  .option(
    '--platform-columns <name=header...>',
    'headers of the list that are not called transactionID, operation, amount, result',
    [],
  )
  .option('--debits <word...>', 'what the type column says of money taken from a player', ['debit'])
  .option('--credits <word...>', 'what the type column says of money given to a player', ['credit'])
  .option('--prefix <text>', 'only ledger rows whose reference begins like this are the bridge’s', '')
  .option('--agents <agentID...>', 'only transactions of these agents', [])
  .option('--from <instant>', 'only transactions first heard of from then on; unfinished ones always')
  .option('--to <instant>', 'and before then')
  .addOption(
    new Option('--format <format>', 'how to print it').choices(['text', 'json'] as const).default('text' as const),
  )
  .addHelpText(
    'after',
    `
The ledger: amounts are decimal text such as -12.30, signed, what the row adds to the player's balance; or without sign
beside a type column.
  reference,amount
  gsp-1b9d,-12.30
  gsp-77e0,20.00
The platform's list: one row for each callback; of a BetWin, amount is its win less its bet.
  transactionID,operation,amount,result
  1b9d,Withdraw,12.30,0
  77e0,Deposit,20.00,0`,
  )
  .action(
    ({
      columns,
      platformColumns,
      ...options
    }: Omit<ReconcileOptions, 'columns' | 'platformColumns'> & { columns: string[]; platformColumns: string[] }) =>
      atJournal((journal) =>
        runReconcile(() => journal.scan(), {
          ...options,
          columns: pairs(columns),
          platformColumns: pairs(platformColumns),
        }),
      ),
  );

program
  .command('demo')
  .description('play a platform against a stand-in wallet, through the bridge')
  .option('--serve', 'stay up afterwards, and print curl lines to try', false)
  .action(async ({ serve: stay }: { serve: boolean }) => {
    process.exitCode = await runDemo({ serve: stay });
  });

await program.parseAsync();
