// What a probe says to people: before it begins, and when it has ended or had to stop.

import { Money } from '../../domain/money.js';
import { undoPlans } from '../../operators/undo-plans.js';
import { abilitiesOf, notTried, rowsOf, type Row } from '../../probing/findings.js';
import type { Prepared } from './prepare.js';
import { abilitiesAsYaml, compare, probedKinds } from './promises.js';
import { copiesAtOnce, coverNeeded, type Probed } from '../../probing/steps.js';
import type { ProbedKind } from '../../probing/test-player.js';
import { shownMoney } from '../../probing/wording.js';

/** Which kinds’ undos name their original: an inverse is one more bet or win. */
export function undoneByName({ operator }: Pick<Prepared, 'operator'>): ReadonlySet<ProbedKind> {
  const plans = undoPlans(operator.file, () => undefined);
  return new Set(probedKinds.filter((kind) => plans[kind]?.kind === 'mapping'));
}

export function announcement({ operator, amount, session }: Prepared, player: string): string[] {
  const { wallet, name, terms } = operator;
  const most = Money.of(amount.units * BigInt(copiesAtOnce), amount.decimals);
  const calls = [...Object.values(wallet.send), ...Object.values(wallet.undo), wallet.balance];
  return [
    `Probing ${wallet.baseUrl.origin} by the file of ${name}, as player ${player}:`,
    `- bets and wins of ${shownMoney(amount)}: each again under its reference, and ${copiesAtOnce} copies of one at once, which moves up to ${shownMoney(most)} if each is done;`,
    `- one bet that leaves him ${coverNeeded} times the amount, one of all that, and one of ${shownMoney(amount)} more, first without and then with cover;`,
    ...(probedKinds.some((kind) => terms.legs[kind].undo)
      ? ['- undos: of what was done, again, when he has nothing else, and of what was never sent;']
      : []),
    `- at the end wins or bets that give the player the balance he had before. He needs ${coverNeeded} times the amount.`,
    ...(session === undefined && calls.some(({ needs }) => needs?.player === true)
      ? ['The file reads the player’s session, and none is known here: open a game as him and say it with --session.']
      : []),
    'Nobody else may play as this player meanwhile.',
    '',
  ];
}

/**
 * Exit code 0: the wallet keeps what the file promises; 1: it was seen to keep less, or the file cannot read that
 * it does; 2: it had to stop.
 */
export function reportOn(prepared: Prepared, probed: Probed): { lines: string[]; exitCode: 0 | 1 | 2 } {
  const { seen, stopped } = probed;
  const rows = rowsOf(seen);
  const { lines, isBroken } = rows.length === 0 ? { lines: [], isBroken: false } : verdictOn(prepared, probed, rows);
  const end = stopped === undefined ? [] : [`The probe had to stop: ${stopped}.`];
  return {
    lines: [...remains(probed), ...lines, ...end],
    exitCode: isBroken ? 1 : stopped === undefined ? 0 : 2,
  };
}

function remains({ missing }: Probed): string[] {
  if (missing === undefined) return ['The balance could not be read at the end: look what the player has.', ''];
  if (missing.isZero()) return [];
  const isLess = missing.compare(Money.zero) > 0;
  const difference = isLess ? missing : missing.negated();
  return [
    `The player has ${shownMoney(difference)} ${isLess ? 'less' : 'more'} than before: the wallet did not take it back.`,
    '',
  ];
}

function verdictOn(prepared: Prepared, { seen, stopped }: Probed, rows: readonly Row[]) {
  const { file, terms } = prepared.operator;
  const byName = undoneByName(prepared);
  const of = (kind: ProbedKind) => {
    const { lookup, undo } = terms.legs[kind];
    return abilitiesOf(kind, { lookup, undo: undo && (byName.has(kind) ? 'byName' : 'inverse') }, seen);
  };
  const found = { withdraw: of('withdraw'), deposit: of('deposit') };
  const compared = probedKinds.map((kind) => compare(kind, terms.legs[kind], found[kind]));
  const broken = compared.flatMap((one) => one.broken);
  const unseen = compared.flatMap((one) => one.unseen);
  const { rollback } = file.operations;
  const undoAt = typeof rollback === 'object' && 'request' in rollback ? 'one mapping' : byName;
  const kept = stopped === undefined && unseen.length === 0 ? ['The file promises no more than that.'] : [];
  const lines = [
    ...tableOf(rows),
    '',
    'What the wallet showed, as keys of the file:',
    '',
    ...abilitiesAsYaml(found, undoAt),
    '# settle is for you to say: how long after a call was sent may it still take effect? No probe can see that.',
    '# Refusals of wins cannot be brought about: they are taken to be remembered as those of bets are.',
    ...(terms.betWinAsLegs ? [] : ['# betWin in one call is not probed.']),
    '',
    ...(unseen.length === 0 ? [] : ['Not seen, so neither shown nor refuted:', ...gathered(unseen), '']),
    ...(broken.length === 0 ? kept : ['The file promises more than the wallet showed:', ...broken]),
  ];
  return { lines, isBroken: broken.length > 0 };
}

/** What a probe that stopped did not come to needs no lines of its own. */
function gathered(unseen: readonly string[]): string[] {
  const end = `: ${notTried}`;
  const untried = unseen.filter((line) => line.endsWith(end)).map((line) => line.slice('- '.length, -end.length));
  const others = unseen.filter((line) => !line.endsWith(end));
  return untried.length === 0 ? others : [...others, `- ${notTried}: ${untried.join('; ')}`];
}

function tableOf(rows: readonly Row[]): string[] {
  const all: readonly Row[] = [['tried', 'what happened', 'what the mapping reads'], ...rows];
  const width = (column: 0 | 1): number => Math.max(...all.map((row) => row[column].length));
  return all.map(([tried, what, read]) => `${tried.padEnd(width(0))}  ${what.padEnd(width(1))}  ${read}`);
}
