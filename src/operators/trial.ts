// Makes every call of every agent before the first player does, with made-up callbacks of every shape. What
// types cannot tell – a name a body has not, an amount its unit cannot hold, a table without the game – is
// found here. A call that can be made of no callback is an error: it could never leave. One that can be made
// of some callbacks only is a warning, because the engineer may know that no others come.

import { moneyKinds, type MoneyKind } from '../domain/callback.js';
import type { Terms } from '../domain/terms.js';
import { trying } from '../expressions/language.js';
import type { Agent } from '../protocol/agent.js';
import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import type { MappedCall } from '../mapping/mapping.js';
import type { Rendered } from '../wallet/compiled-wallet.js';
import type { Report } from '../yaml/diagnostics.js';
import { choicesOf, shapesOf, subjectOf, type Shape, type Values } from './trial-shapes.js';
import type { OperatorFile } from './schema/operator-file.js';
import type { MappedWallet } from './wallet-of.js';

interface Tried {
  readonly file: OperatorFile;
  readonly agents: readonly Agent[];
  readonly terms: Terms;
  readonly wallet: MappedWallet;
}
interface Scene {
  readonly call: MappedCall<Verdict | BalanceVerdict>;
  /** What it is about; absent: a balance. */
  readonly kind?: MoneyKind;
  /** Whether it is for free spins or for others; absent: for both. */
  readonly freeSpin?: boolean;
}
type Cannot = Extract<Rendered, { kind: 'cannot' }>;
interface Failed extends Cannot {
  readonly shape: Shape;
  /** It can be made of another choice: of other ids, or of a game that a table lists. */
  readonly but?: 'ids' | 'games';
}

/** A uuid and a clock like any other. */
const uuid = (): string => '11111111-2222-4333-8444-555555555555';
const now = Date.UTC(2026, 0, 31, 12);

export function tryCalls({ file, agents, terms, wallet }: Tried, report: Report): void {
  const currencies = new Set<string>();
  for (const agent of agents) {
    // Agents of one currency differ in little but their name, so for the others one shape is enough.
    const depth = currencies.has(agent.currency) ? 1 : Infinity;
    currencies.add(agent.currency);
    const choices = choicesOf(agent, file);
    for (const { call, kind, freeSpin } of scenesOf(wallet, terms)) {
      const { player = false, round = false, sentWith: original = false } = call.needs ?? {};
      const movement = kind !== undefined;
      const repeat = movement && call.knowsRepeats;
      const shapes = shapesOf({ movement, player, round, original, repeat, freeSpin, dialect: agent.dialect }).slice(
        0,
        depth,
      );
      const make = (shape: Shape, values: Values): Rendered | undefined => {
        const subject = subjectOf(agent, kind, shape, values, (id) => wallet.reference(id));
        return call.isDue?.(subject, now) === false ? undefined : call.render(subject, now, uuid);
      };
      const failed = trying(() => shapes.flatMap((shape, at) => attempt(make, shape, choices, at === 0)));
      const isHopeless = failed.filter(({ but }) => but === undefined).length === shapes.length;
      for (const one of isHopeless ? failed.slice(0, 1) : tellingOf(failed, shapes))
        say(one, isHopeless ? (choices.areFitting ? 'never' : 'perhaps') : 'sometimes');
    }
  }

  function say({ because, at = { path: ['wallet'] }, shape, but }: Failed, when: keyof typeof whenText): void {
    const of = whenText[when] ?? (but === undefined ? ` ${shape.words}` : otherwise[but]);
    const offset = at.offset === undefined ? {} : { offset: at.offset };
    const severity = when === 'never' ? 'error' : 'warning';
    report(at.path, `no request can be made${of}: ${because}${cureOf(because)}`, { severity, ...offset });
  }
}

const whenText = {
  never: '',
  perhaps: ' of any made-up id, and none of them is as platform.formats wants it',
  sometimes: undefined,
} as const;
const otherwise = {
  ids: ' of every id that platform.formats allows',
  games: ' of a game that settings do not list',
} as const;

/** `isThorough`: two other choices are tried also where the usual one is fine. A call that is not due is fine. */
function attempt(
  make: (shape: Shape, values: Values) => Rendered | undefined,
  shape: Shape,
  { ids, games }: ReturnType<typeof choicesOf>,
  isThorough: boolean,
): Failed[] {
  const [usual, ...others] = ids.map((values) => () => make(shape, values));
  const first = usual?.();
  if (first?.kind !== 'cannot') {
    const few = isThorough ? others.slice(0, 2) : [];
    const other = few.map((again) => again()).find((made) => made?.kind === 'cannot');
    return other?.kind === 'cannot' ? [{ ...other, shape, but: 'ids' }] : [];
  }
  if (games.some((values) => make(shape, values)?.kind === 'request')) return [{ ...first, shape, but: 'games' }];
  if (others.some((again) => again()?.kind === 'request')) return [{ ...first, shape, but: 'ids' }];
  return [{ ...first, shape }];
}

/** Of failures of one cause that which says best when it happens: shapes come in that order. */
function tellingOf(failed: readonly Failed[], shapes: readonly Shape[]): readonly Failed[] {
  const causeOf = ({ because, at }: Failed): string => JSON.stringify([because, at]);
  return [...new Set(failed.map(causeOf))].flatMap((cause) => {
    const alike = failed.filter((one) => causeOf(one) === cause);
    const [first] = alike;
    const firsts = shapes.filter(({ repeat }) => repeat !== true);
    if (first !== undefined && firsts.length < shapes.length && isSame(alike, firsts))
      return [{ ...first, shape: { ...first.shape, words: 'when it is sent for the first time' } }];
    const lacking = alike.filter(({ shape }) => shape.words.startsWith('without '));
    return lacking.length > 0 ? lacking : alike.slice(0, 1);
  });
}

const isSame = (failed: readonly Failed[], shapes: readonly Shape[]): boolean =>
  failed.length === shapes.length && failed.every(({ shape }) => shapes.includes(shape));

/** Every call the wallet may be sent. */
function scenesOf({ balance, freeSpin, closeRound, ...calls }: MappedWallet, terms: Terms): Scene[] {
  const scenes: Scene[] = [{ call: balance }];
  for (const kind of moneyKinds) {
    const send = calls.send[kind];
    // A free spin's bet is skipped, or has a call of its own.
    const neverFree =
      kind !== 'deposit' && (terms.freeSpins === 'skip' || (kind === 'withdraw' && freeSpin !== undefined));
    if (send !== undefined) scenes.push({ call: send, kind, ...(neverFree && { freeSpin: false }) });
    for (const call of [calls.undo[kind], calls.lookup[kind], calls.lookupUndo[kind]])
      if (call !== undefined) scenes.push({ call, kind });
  }
  if (freeSpin !== undefined) scenes.push({ call: freeSpin, kind: 'withdraw', freeSpin: true });
  for (const kind of closeRound?.after ?? [])
    if (closeRound !== undefined) scenes.push({ call: closeRound.call, kind });
  return scenes;
}

/** What to write instead, where the reason does not say it itself. */
function cureOf(because: string): string {
  const [, cure = ''] = cures.find(([reason]) => reason.test(because)) ?? [];
  return cure === '' ? '' : `; expected ${cure}`;
}
const cures: readonly (readonly [RegExp, string])[] = [
  [/^`.*\]` is absent$/, 'a key that is there, or [?…].orValue(…) for what may be absent'],
  [/ is absent$/, 'a name that is there, or .?… with .orValue(…) for what may be absent'],
  [/more decimals than its unit/, 'a finer unit, or the decimals of this currency under wallet.currencies'],
];
