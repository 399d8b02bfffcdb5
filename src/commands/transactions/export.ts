// `transactions export`: every record of a span, finished or not, for finance. Nothing is printed before all
// records are read, so what is there is whole; and no more of them is in memory than some thousands.

import { Option, type Command } from 'commander';
import type { Stored, Unreadable } from '../../domain/ports.js';
import { agentCurrencies } from '../agent-currencies.js';
import { atJournal } from '../at-journal.js';
import { fromOption, toOption } from '../options.js';
import { complain, printEach, write } from '../print.js';
import { delimiters } from '../../books/list-rows.js';
import { entriesOf, unknownTime, type Span, type Wanted } from '../../books/entries.js';
import { inOrder } from '../../books/in-order.js';
import { SpillFailed, SpillFile } from '../../books/spill-file.js';
import { csv, jsonLines, type Writer } from '../../books/write-rows.js';

export function declareExport(transactions: Command): void {
  transactions
    .command('export')
    .description('every transaction of a time, finished or not, the oldest first; reads only')
    .addOption(fromOption('only what was first heard of from then on'))
    .addOption(toOption('and before then'))
    .option('--agents <agentID...>', 'only transactions of these agents', [])
    .addOption(new Option('--format <format>', 'how to print it').choices(['csv', 'json'] as const).default('csv'))
    .addOption(
      new Option(
        '--delimiter <character>',
        'what stands between the cells of CSV: a comma, or a semicolon with --decimal-comma, if you do not say it',
      ).choices(Object.keys(delimiters)),
    )
    .option('--decimal-comma', 'amounts in CSV such as 12,30')
    .option('--bom', 'begin CSV with the mark by which some spreadsheets know UTF-8')
    .action(({ format, delimiter, decimalComma, bom, ...span }: ExportOptions) => {
      const ofCsv = [delimiter, decimalComma, bom].some((given) => given !== undefined);
      if (format === 'json' && ofCsv) return complain(['--delimiter, --decimal-comma and --bom are for --format csv']);
      const by = delimiters[delimiter ?? (decimalComma === true ? ';' : ',')] ?? ',';
      const writer =
        format === 'json' ? jsonLines : csv({ delimiter: by, decimalComma: decimalComma === true, bom: bom === true });
      return atJournal(async (journal, { OPERATORS_DIR }) => {
        const currencyOf = agentCurrencies(OPERATORS_DIR, process.env);
        return { lines: [], exitCode: await exported(journal.walk(), { ...span, currencyOf }, writer) };
      });
    });
}

interface ExportOptions extends Span {
  readonly format: 'csv' | 'json';
  readonly delimiter?: string;
  readonly decimalComma?: true;
  readonly bom?: true;
}

/** Prints rows on standard output, and on standard error how many. */
async function exported(records: AsyncIterable<Stored | Unreadable>, wanted: Wanted, writer: Writer): Promise<0 | 2> {
  const said = (text: string): void => write(process.stderr, `${text}\n`);
  const spill = new SpillFile();
  const counts = { rows: 0, unreadable: 0 };
  async function* texts(): AsyncGenerator<string> {
    const entries = entriesOf(records, wanted, (read) => said(`${read} records read`));
    yield writer.head;
    for await (const { at, cells } of inOrder(entries, spill)) {
      counts.rows += 1;
      if (at === unknownTime) counts.unreadable += 1;
      yield writer.row(cells);
    }
  }
  try {
    if (await printEach(texts())) said(summary(counts));
    return 0;
  } catch (error) {
    if (!(error instanceof SpillFailed)) throw error;
    said(error.message);
    return 2;
  } finally {
    await spill.close();
  }
}

const summary = ({ rows, unreadable }: { rows: number; unreadable: number }): string =>
  `${rows} transactions${unreadable === 0 ? '' : `, ${unreadable} of them unreadable: they stand first, without a time`}`;
