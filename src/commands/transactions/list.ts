// `transactions list`: the records somebody still has to see to.

import { Option, type Command } from 'commander';
import { loadOperators } from '../../operators/load.js';
import { atJournal } from '../at-journal.js';
import { formatOption, limitOption, type Format } from '../options.js';
import { printList } from './print-list.js';
import { listTransactions, type ListOptions } from '../../deeds/list.js';

export function declareList(transactions: Command): void {
  transactions
    .command('list')
    .description('unfinished transactions, the oldest first')
    .addOption(new Option('--state <state>', 'only these').choices(['held', 'open', 'claimed', 'unreadable'] as const))
    .option('--operator <name>', 'only of this operator, whose agents stand in OPERATORS_DIR')
    .addOption(limitOption())
    .addOption(formatOption())
    .action(({ operator, format, ...wanted }: ListOptions & { operator?: string; format: Format }) =>
      atJournal(async (journal, { OPERATORS_DIR }) => {
        const agents = operator === undefined ? undefined : agentsOfOperator(operator, OPERATORS_DIR, process.env);
        if (operator !== undefined && agents === undefined)
          return { lines: [`no operator ${operator} in ${OPERATORS_DIR}`], exitCode: 2 };
        return printList(await listTransactions(journal, { ...wanted, ...(agents && { agents }) }), format);
      }),
    );
}

/** The agents an operator's file names; undefined where no file is that operator's. */
export function agentsOfOperator(
  name: string,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlySet<string> | undefined {
  const { operators } = loadOperators([directory], { env, standIns: true });
  const agents = operators.find((operator) => operator.name === name)?.agents;
  return agents && new Set(agents.map(({ agentID }) => agentID));
}
