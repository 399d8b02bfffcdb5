// One round of one player: callbacks are made, delivered, followed up and judged, each answer against what the
// platform knows at that moment. A round knows no scene: what is played, and what is due, is told to it. It is
// one file because all of it shares the round's state.
import { formatCents, readCents } from '../cents.js';
import { foldAnswers, isDone, type Folded, type Heard, type MoneyCallback } from '../platform-book.js';
import type { Oddity, PlatformLine } from '../platform-line.js';
import type { Dice } from './dice.js';
import { contentOf, possibleBalances, standingsIn, type Moment } from './expectation.js';
import type { Exchange } from './findings.js';
import type { Purse } from './purse.js';
import type { Note, Rule } from './rules.js';
import type { Table } from './table.js';
import { referenceIn } from './wire.js';

/** The codes that keep a rule. Another code breaks it, and so does a balance that cannot be. */
export interface Due {
  readonly rule: Rule;
  readonly codes: readonly number[];
  /** What a yes is worth knowing for, though it keeps the rule. */
  readonly noted?: Note;
}

export interface Step {
  readonly callback: MoneyCallback;
  readonly due: Due;
  /** The platform's patience with this delivery, where it has less than usual. */
  readonly timeoutMs?: number;
  /** A sign that is not the usual one. */
  readonly sign?: string;
}

export interface Scene {
  /** How often it is played, next to the others. */
  readonly weight: number;
  readonly what: string;
  readonly play: (round: Round) => Promise<unknown>;
}

/** Bounds of a bet, in cents. */
export interface Amounts {
  readonly least: bigint;
  readonly most: bigint;
  /** The smallest amount there is: 100 where the currency has no decimals. Every amount is a multiple of it. */
  readonly unit: bigint;
}

export interface Seat {
  readonly table: Table;
  readonly purse: Purse;
  readonly dice: Dice;
  readonly scene: string;
  /** Other players of the run. */
  readonly others: readonly string[];
  readonly amounts: Amounts;
  /** How long a balance may lag behind what was told, in milliseconds. */
  readonly settleMs: number;
}

interface Told {
  /** With the first yes. */
  readonly balance: bigint | null;
  reference: string | undefined;
}

type Judged = 'sound' | 'broken' | 'open';

/** While a balance lags. */
const LOOKS_EVERY_MS = 250;
const ROLLED_BACK = [0, 8, 9];

export class Round {
  readonly dice: Dice;
  readonly line: PlatformLine;
  readonly #heard: Heard[] = [];
  readonly #told = new Map<string, Told>();

  constructor(readonly seat: Seat) {
    this.dice = seat.dice;
    this.line = seat.table.line;
  }

  get userID(): string {
    return this.seat.purse.userID;
  }

  /** What the player has by all that is known; undefined while no balance was ever told. */
  get balance(): bigint | undefined {
    const { start } = this.seat.purse;
    return start === undefined ? undefined : possibleBalances(this.#moment(start))[0];
  }

  /** Transactions as they stand by the answers of this round. */
  get book(): Folded[] {
    return foldAnswers(this.#heard);
  }

  /** Delivers one money callback, and sees it through; true when it stands at its end. */
  step(callback: MoneyCallback, due: Due, how: Pick<Step, 'timeoutMs' | 'sign'> = {}): Promise<boolean> {
    return this.together([{ callback, due, ...how }]);
  }

  /** Delivers all at the same instant; true when the first one stands at the end. */
  async together(steps: readonly Step[]): Promise<boolean> {
    const { table, scene } = this.seat;
    await table.pace(steps.length);
    const before = standingsIn(this.#heard);
    const isRepeated = steps.some(({ callback }) => before.has(contentOf(callback)));
    const sent = await Promise.all(
      steps.map(async (step) => ({ step, exchange: await table.deliver(scene, step.callback, step) })),
    );
    for (const { step, exchange } of sent) this.#heard.push({ callback: step.callback, code: exchange.answer.code });
    const together = steps.map(({ callback }) => callback);
    const { start } = this.seat.purse;
    const moment = start === undefined ? undefined : this.#moment(start, before, together);
    const judged = sent.map(({ step, exchange }) =>
      this.#judge(step, exchange, moment && possibleBalances(moment, step.callback)),
    );
    for (const { step, exchange } of sent) if (!this.#isAnswered(step.callback)) await this.#seeThrough(step, exchange);
    const [first] = steps;
    const isSure = steps.length === 1 && !isRepeated && judged[0] === 'sound';
    if (!isSure && first !== undefined) await this.look(first.due.rule, judged.includes('broken'));
    return first !== undefined && standingsIn(this.#heard).get(contentOf(first.callback)) === 'stands';
  }

  /** Delivers something that must be refused. */
  async refused(oddity: Oddity, { rule, codes }: Due): Promise<void> {
    const { table, scene } = this.seat;
    await table.pace(1);
    const exchange = await table.post(scene, oddity);
    const { code } = exchange.answer;
    if (code !== null && !codes.includes(code))
      table.findings.broken(rule, scene, `code ${code}; due is ${codes.join(' or ')}`, exchange);
    await this.look(rule);
  }

  /** Sends what is no POST. */
  async otherMethod(oddity: Oddity): Promise<void> {
    const { table, scene } = this.seat;
    await table.pace(1);
    const exchange = await table.post(scene, oddity);
    const { httpStatus, failure } = exchange.answer;
    if (httpStatus !== 405)
      table.findings.broken('post-only', scene, httpStatus === null ? (failure ?? '') : `HTTP ${httpStatus}`, exchange);
    await this.look('post-only');
  }

  /**
   * Asks for the balance. What is not as it must be, and does not become so in time, breaks the rule, unless
   * that is known to be broken; it is gone on with as it is.
   */
  async look(rule: Rule = 'asked', isKnown = false): Promise<void> {
    const { table, scene, purse, settleMs } = this.seat;
    const possible = purse.start === undefined ? undefined : possibleBalances(this.#moment(purse.start));
    const mayComeRight = possible !== undefined && !purse.isUnsure && !isKnown;
    const first = await this.#ask();
    const ends = performance.now() + (mayComeRight ? settleMs : 0);
    let last = first;
    while (isWrong(last.told, possible) && performance.now() < ends) {
      await new Promise((resume) => setTimeout(resume, LOOKS_EVERY_MS));
      last = await this.#ask();
    }
    if (last.told === null) return;
    purse.closing = last.told;
    const why = `balance ${formatCents(first.told ?? last.told)} afterwards; due is ${inWords(possible ?? [])}`;
    if (!isWrong(last.told, possible)) {
      if (isWrong(first.told, possible)) table.findings.noted('balance-late', scene, why, first.exchange);
      if (possible !== undefined) return;
    } else if (mayComeRight) table.findings.broken(rule, scene, why, first.exchange);
    purse.goOnFrom(last.told, possibleBalances(this.#moment(0n))[0] ?? 0n);
  }

  /** GetBalance; what it told in cents, null where it told nothing that can be read. */
  async #ask(): Promise<{ readonly exchange: Exchange; readonly told: bigint | null }> {
    const { table, scene } = this.seat;
    await table.pace(1);
    const exchange = await table.deliver(scene, this.line.getBalance(this.userID));
    const { code, balanceText } = exchange.answer;
    if (code !== null && code !== 0) table.findings.broken('asked', scene, `code ${code}; due is 0`, exchange);
    return { exchange, told: code === 0 ? readCents(balanceText) : null };
  }

  /** Says what the round's end shows, and writes it into the purse. */
  end(): void {
    const { table, scene, purse } = this.seat;
    for (const { callback, standing } of this.book) {
      const what = `${callback.operation} ${callback.transactionID}`;
      if (standing === 'contradiction' || standing === 'doubt') purse.isUnsure = true;
      if (standing === 'contradiction') table.findings.broken('one-story', scene, `${what} was told done and failed`);
    }
    purse.settle(this.book.filter(({ userID }) => userID === this.userID));
  }

  /** An amount in between that the currency has. */
  amount(least: bigint, most: bigint): bigint {
    return this.dice.cents(least, most, this.seat.amounts.unit);
  }

  /** A bet's amount: within bounds, and so that several of them can be paid. */
  stake(): bigint {
    const { least, most } = this.seat.amounts;
    const quarter = (this.balance ?? most * 4n) / 4n;
    return this.amount(least, quarter < most ? (quarter > least ? quarter : least) : most);
  }

  #moment(
    start: bigint,
    before: Moment['before'] = standingsIn(this.#heard),
    together: readonly MoneyCallback[] = [],
  ): Moment {
    return { userID: this.userID, start, heard: this.#heard, before, together };
  }

  /** Judges one answer; `open` where it does not show what the player has. */
  #judge({ callback, due }: Step, exchange: Exchange, possible: readonly bigint[] | undefined): Judged {
    const { table, scene, purse } = this.seat;
    const { findings } = table;
    const { code, balanceText } = exchange.answer;
    if (code === null) return 'open';
    const content = contentOf(callback);
    const earlier = this.#told.get(content);
    if (!due.codes.includes(code)) {
      findings.broken(due.rule, scene, `code ${code}; due is ${due.codes.join(' or ')}`, exchange);
      return 'broken';
    }
    if (!isDone(code)) return 'open';
    const note = due.noted ?? (code === 11 ? 'code-11' : undefined);
    if (note !== undefined) findings.noted(note, scene, `code ${code}`, exchange);
    const told = readCents(balanceText);
    const reference = referenceIn(exchange.answer, this.line.wire);
    if (earlier === undefined) this.#told.set(content, { balance: told, reference });
    else this.#judgeReference(earlier, reference, exchange);
    if (told === null || possible === undefined || purse.isUnsure) return 'open';
    // A stored answer is as good as today's balance.
    if (possible.includes(told) || earlier?.balance === told) return 'sound';
    findings.broken(due.rule, scene, `balance ${formatCents(told)}; due is ${inWords(possible)}`, exchange);
    return 'broken';
  }

  /** A copy of it may have been. */
  #isAnswered(callback: MoneyCallback): boolean {
    const content = contentOf(callback);
    return this.#heard.some((heard) => heard.code !== null && contentOf(heard.callback) === content);
  }

  #judgeReference(earlier: Told, reference: string | undefined, exchange: Exchange): void {
    earlier.reference ??= reference;
    if (reference === undefined || reference === earlier.reference) return;
    const why = `${this.line.wire.reference} is ${reference}; it was ${earlier.reference}`;
    this.seat.table.findings.broken('reference-once', this.seat.scene, why, exchange);
  }

  /** What the platform does without an answer: a bet is rolled back, all else delivered again, to its end. */
  async #seeThrough(step: Step, first: Exchange): Promise<void> {
    const { table, scene } = this.seat;
    const again: Due = { rule: step.due.rule, codes: [...step.due.codes, 0, 11, 9] };
    let last = first;
    const delivered = await this.line.seeThrough(step.callback, async (callback, sent) => {
      if (sent === 0) return first.answer;
      await table.pace(1);
      last = await table.deliver(scene, callback);
      this.#heard.push({ callback, code: last.answer.code });
      return last.answer;
    });
    const callback = delivered.at(-1)?.callback ?? step.callback;
    const { code } = last.answer;
    if (code === null) {
      this.seat.purse.isUnsure = true;
      table.findings.broken('ended', scene, `no answer to ${delivered.length} deliveries`, last);
      return;
    }
    const isUndo = callback.operation === 'RollbackTransaction' && step.callback.operation !== callback.operation;
    const due = isUndo ? { rule: 'undone' as const, codes: ROLLED_BACK } : again;
    this.#judge({ callback, due }, last, undefined);
  }
}

function inWords(possible: readonly bigint[]): string {
  return possible.map(formatCents).join(' or ');
}

const isWrong = (told: bigint | null, possible: readonly bigint[] | undefined): boolean =>
  told !== null && possible?.includes(told) === false;
