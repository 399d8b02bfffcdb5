// Why: the judgement of one wallet kind's transactions: what the platform was told against the wallet's
// ledger, each for itself. Pure. Expected comes from the platform's answers, actual from the ledger's lines,
// and neither is asked about the other.
// Never: excuses a difference that the journal does not list, or that no fault explains.

/** @import { Transaction } from '../../src/domain/transaction.js' */
/** @import { LedgerEntry } from '../../src/stand-ins/ledger.js' */
/** @import { BookEntry } from '../../src/stand-ins/platform-book.js' */
/** @import { Played } from './plan.mjs' */
import { canTell, walletOf } from './wallet-kinds.mjs';

/**
 * What of a record makes a yes to be a promise that is kept, as it was stored when the answer was heard.
 * @typedef {{
 *   state: Transaction['state'], goal?: Transaction['goal'] | undefined, promised: boolean, rolledBack: boolean,
 *   accepted?: number | undefined }} Duty
 */
/**
 * One delivery and its answer; `stored` only of a yes.
 * @typedef {object} Delivery
 * @property {number} at
 * @property {number} heard
 * @property {'platform' | 'network'} by
 * @property {string} operation
 * @property {string} transactionID
 * @property {number | null} code
 * @property {Duty | 'nothing' | undefined} [stored]
 */
/** @typedef {{ transactionID: string, transaction: Transaction | undefined }} Unfinished */
/** @typedef {{ at: number, until?: number, what: string }} BefallenFault */
/**
 * A transaction of which Redis lost what it had acknowledged: the revision that was, and the one that is left.
 * `adoptedAt`: the bridge stopped and told of it, and people settled it by hand before they said at that
 * instant that the rest is the journal; without it nobody was told.
 * @typedef {{ agentID: string, transactionID: string, acknowledged: number, stored: number, adoptedAt?: number }} Loss
 */
/** @typedef {{ kind: LedgerEntry['kind'], reference: string, cents: bigint }} Leg */
/**
 * What stays undone, and why.
 * @typedef {object} Row
 * @property {string} id
 * @property {string} state
 * @property {Transaction['goal']} goal
 * @property {string | undefined} heldBecause
 * @property {Standing | 'contradiction'} standing
 * @property {bigint} difference
 * @property {ReturnType<typeof explain>} because
 */
/** @typedef {'stands' | 'failed' | 'undone' | 'doubt' | 'unheard' | 'leftOpen'} Standing */

/**
 * @typedef {object} Seen
 * @property {readonly Played[]} plans
 * @property {readonly BookEntry[]} book what was told, by the platform
 * @property {readonly Delivery[]} deliveries
 * @property {readonly LedgerEntry[]} ledger lines of the wallet's file
 * @property {readonly Unfinished[]} unfinished what the journal lists at the end
 * @property {readonly string[]} unlisted
 * @property {ReadonlySet<string>} alarmed the transactions a person was called to
 * @property {readonly { fault: string | null, reference: string | null }[]} calls the wallet's, with their faults
 * @property {readonly { transactionID: string, by: number }[]} lateWrites those accepted after their writer had given up
 * @property {readonly Loss[]} losses
 * @property {readonly BefallenFault[]} faults
 * @property {(text: string) => bigint} parseCents
 */

/**
 * How the ledger of a wallet that can tell shows that it said no.
 * @type {ReadonlySet<LedgerEntry['kind']>}
 */
const REFUSALS = new Set(['refused', 'undoRefused']);
/** @param {number | null} code */
const isYes = (code) => code === 0 || code === 11;
/** Ledger and deliveries are stamped by two processes, each cutting off at the millisecond. */
const CLOCKS_MS = 2;
/**
 * What an unfinished record must be on its way to, by what was told of it.
 * @type {Readonly<Partial<Record<Standing | 'contradiction', Transaction['goal']>>>}
 */
const DUTIES = { stands: 'deliver', failed: 'void', undone: 'void', unheard: 'void' };

/**
 * Money is whole cents in bigints. The findings are sentences about transactions.
 * @param {Seen} seen
 */
export function judge({
  plans,
  book,
  deliveries,
  ledger,
  unfinished,
  unlisted,
  alarmed,
  calls,
  lateWrites,
  losses,
  faults,
  parseCents,
}) {
  /** @type {{ id: string, what: string }[]} */
  const findings = [];
  /** @param {string} id @param {string} what */
  const accuse = (id, what) => findings.push({ id, what });
  const listed = new Map(unfinished.map((record) => [record.transactionID, record]));
  const told = new Map(book.map((entry) => [entry.transactionID, entry]));
  const lines = byTransaction(
    ledger.filter(({ kind }) => kind !== 'opening'),
    ({ reference }) => reference,
  );
  const answers = byTransaction(deliveries, ({ transactionID }) => transactionID);
  const faultyCalls = byTransaction(
    calls.filter(({ fault }) => fault !== null),
    ({ reference }) => reference ?? '',
  );
  /** @type {Record<Standing | 'byHand', number>} */
  const standings = { stands: 0, failed: 0, undone: 0, doubt: 0, unheard: 0, leftOpen: 0, byHand: 0 };
  const byHand = new Map(losses.map((loss) => [loss.transactionID, loss]));
  /** @type {Row[]} */
  const rows = [];
  const sums = { told: 0n, ledger: 0n, unfinished: 0n };

  for (const { callback, kind } of plans) {
    const id = callback.transactionID;
    const own = lines.get(id) ?? [];
    const legs = legsOf(callback, parseCents);
    const { acknowledged, stored, adoptedAt } = byHand.get(id) ?? {};
    if (adoptedAt !== undefined) {
      standings.byHand += 1;
      // What the bridge does with what is left of it is what people were told to expect. Until then it does
      // nothing.
      const before = own.filter(({ at }) => Date.parse(at) <= adoptedAt);
      for (const what of wrongMovements(before, legs, callback.userID, isUndoOf(kind))) accuse(id, what);
      continue;
    }
    if (acknowledged !== undefined)
      accuse(id, `its revision ${acknowledged} was acknowledged, ${stored} is stored, and nobody was told`);
    const heard = (answers.get(id) ?? []).filter(({ by }) => by === 'platform');
    const { standing, effect } = standingOf(told.get(id), heard);
    if (standing === 'contradiction') accuse(id, 'it was told done and told failed');
    else standings[standing] += 1;
    for (const what of wrongMovements(own, legs, callback.userID, isUndoOf(kind))) accuse(id, what);
    for (const what of earlyYeses(own, legs, answers.get(id) ?? [])) accuse(id, what);

    const actual = own.reduce((sum, { cents }) => sum + cents, 0n);
    // Where the platform itself does not know, all of it or nothing will do.
    const isEither = (standing === 'leftOpen' || standing === 'doubt') && actual === effect;
    const expected = standing === 'stands' || isEither ? effect : 0n;
    const difference = expected - actual;
    sums.told += expected;
    sums.ledger += actual;
    const record = listed.get(id);
    if (record === undefined) {
      if (standing === 'doubt') accuse(id, 'the platform never got the answer it asked for');
      else if (difference !== 0n)
        accuse(id, `told ${standing}: ${expected} cents were due, the ledger moved ${actual}`);
      continue;
    }
    const { state = 'gone', goal, heldBecause, story = [] } = record.transaction ?? {};
    const because = explain(answers.get(id) ?? [], faultyCalls.get(id) ?? [], faults);
    if (state !== 'held')
      accuse(id, `it is still ${state}${goal === undefined ? '' : ` (${goal})`}, though no fault is left`);
    else if (because === undefined) accuse(id, `it is held (${heldBecause}), and no fault explains why`);
    // When the wallet said this nothing was killed any more, so the alarm cannot have been lost.
    const isLiedAbout = (faultyCalls.get(id) ?? []).some(({ fault }) => fault === 'duplicate-before');
    if (state === 'held' && isLiedAbout && !alarmed.has(id)) accuse(id, 'it is held, and no alarm was raised');
    if (state === 'held' && canTell(kind) && !isLiedAbout && !own.some(({ kind: said }) => REFUSALS.has(said)))
      accuse(id, `it is held (${heldBecause}), though its wallet can tell, and has refused nothing`);
    // Such a wallet keeps an early undo and nothing else; and a rollback does not move on what is a person's
    // already.
    const events = story.map(({ what }) => what);
    const wasHeldBefore = events.includes('held') && events.indexOf('held') < events.lastIndexOf('rollback');
    const canBeKnown = canTell(kind) || (kind === 'cancel-first' && goal === 'void' && !wasHeldBefore);
    if (canBeKnown && heldBecause?.startsWith('nobody knows'))
      accuse(id, `it is held (${heldBecause}), though its wallet can tell`);
    const duty = DUTIES[standing];
    if (duty !== undefined && goal !== duty) accuse(id, `told ${standing}, its record's goal is ${goal ?? 'none'}`);
    sums.unfinished += difference;
    rows.push({ id, state, goal, heldBecause, standing, difference, because });
  }

  for (const [id, own] of lines)
    if (!plans.some(({ callback }) => callback.transactionID === id))
      accuse(id, `the ledger has ${own.length} lines for a transaction nobody made`);
  for (const { transactionID, by } of lateWrites)
    accuse(transactionID, `a write was accepted ${by} ms after the last instant its writer allowed`);
  for (const member of unlisted.filter((name) => byHand.get(name.split(':')[1] ?? '')?.adoptedAt === undefined))
    accuse(member, 'its record is not finished, and no index lists it');
  if (sums.told !== sums.ledger + sums.unfinished) accuse('', 'the sums do not agree');
  return { findings, rows, standings, sums };
}

/**
 * What the platform believes. `unheard`: no delivery of its own arrived, and its rollback was ended. `doubt`:
 * what it asked last was never answered. `leftOpen`: it heard nothing, rolled back, and its rollback was
 * refused, which it takes as final.
 * @param {BookEntry | undefined} entry
 * @param {readonly Delivery[]} heard
 * @returns {{ standing: Standing | 'contradiction', effect: bigint }}
 */
function standingOf(entry, heard) {
  const rollbacks = heard.filter(({ operation }) => operation === 'RollbackTransaction').map(({ code }) => code);
  const effect = entry?.effect ?? 0n;
  if (rollbacks.length > 0 && rollbacks.every((code) => code === null)) return { standing: 'doubt', effect };
  const standing = entry?.standing ?? (rollbacks.length > 0 ? 'unheard' : 'doubt');
  const isRefused = standing === 'doubt' && rollbacks.length > 0;
  return { standing: isRefused ? 'leftOpen' : standing, effect };
}

/**
 * By the transactionID that every reference begins with.
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => string} nameOf
 */
function byTransaction(items, nameOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const item of items) {
    const [id = ''] = nameOf(item).split('-');
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * What the wallet may do for a callback, at most once each.
 * @param {{ operation: string, transactionID: string, amount?: string, betAmount?: string, winAmount?: string }} callback
 * @param {Seen['parseCents']} parseCents
 * @returns {Leg[]}
 */
function legsOf({ operation, transactionID, amount, betAmount, winAmount }, parseCents) {
  const debit = operation === 'Withdraw' ? amount : betAmount;
  const credit = operation === 'Deposit' ? amount : winAmount;
  const winReference = operation === 'BetWin' ? `${transactionID}-w` : transactionID;
  /** @type {Leg[]} */
  const legs = [];
  if (debit !== undefined) legs.push({ kind: 'debit', reference: transactionID, cents: -parseCents(debit) });
  if (credit !== undefined) legs.push({ kind: 'credit', reference: winReference, cents: parseCents(credit) });
  return legs.filter(({ cents }) => cents !== 0n);
}

/**
 * More than one effect of a leg, an undo of nothing, another amount, another player, or a reference that is
 * none of its own.
 * @param {readonly LedgerEntry[]} lines
 * @param {readonly Leg[]} legs
 * @param {string} userID
 * @param {(line: LedgerEntry, leg: Leg) => boolean} isUndo
 */
function wrongMovements(lines, legs, userID, isUndo) {
  /** @type {string[]} */
  const wrong = [];
  const moved = lines.filter(({ cents }) => cents !== 0n);
  /** @type {Set<LedgerEntry>} */
  const mine = new Set();
  for (const leg of legs) {
    const { kind, reference, cents } = leg;
    const effects = moved.filter((line) => line.kind === kind && line.reference === reference);
    const undos = moved.filter((line) => isUndo(line, leg));
    if (effects.length > 1) wrong.push(`the wallet did its ${kind} ${effects.length} times`);
    if (undos.length > effects.length)
      wrong.push(`the wallet undid its ${kind} ${undos.length} times, having done it ${effects.length} times`);
    else if (effects.some((effect, i) => undos[i] !== undefined && moved.indexOf(undos[i]) < moved.indexOf(effect)))
      wrong.push(`the wallet undid its ${kind} before it did it`);
    if (effects.some((line) => line.cents !== cents)) wrong.push(`its ${kind} moved another amount`);
    if (undos.some((line) => line.cents !== -cents)) wrong.push(`the undo of its ${kind} moved another amount`);
    for (const line of [...effects, ...undos]) mine.add(line);
  }
  if (moved.some((line) => !mine.has(line) || line.player !== userID))
    wrong.push('the ledger has lines that are none of its own');
  return wrong;
}

/**
 * What an undo is in the ledger of such a wallet: a line of its own sort, or the opposite movement under the
 * undo's reference.
 * @param {string} kind
 * @returns {(line: LedgerEntry, leg: Leg) => boolean}
 */
const isUndoOf = (kind) =>
  walletOf(kind).undo === 'inverse'
    ? (line, leg) => line.reference === `${leg.reference}-r` && line.kind === OPPOSITES[leg.kind]
    : (line, leg) => line.kind === 'undo' && line.of === leg.reference;
/** @type {Readonly<Partial<Record<LedgerEntry['kind'], LedgerEntry['kind']>>>} */
const OPPOSITES = { debit: 'credit', credit: 'debit' };

/**
 * Each yes, also one that only a copy of the network got, came after its ledger lines, or a stored duty stood
 * for them.
 * @param {readonly LedgerEntry[]} lines
 * @param {readonly Leg[]} legs
 * @param {readonly Delivery[]} deliveries
 */
function earlyYeses(lines, legs, deliveries) {
  return deliveries.flatMap(({ operation, code, heard, stored, by }) => {
    if (!isYes(code)) return [];
    const who = by === 'platform' ? '' : ' (to a copy of the network)';
    if (stored === 'nothing' || stored === undefined) return [`it was told ${code}${who}, and nothing was stored`];
    const inTime = lines.filter(({ at }) => Date.parse(at) <= heard + CLOCKS_MS);
    const { state, goal, promised, rolledBack, accepted } = stored;
    if (state === 'claimed' && goal === undefined)
      return [`it was told ${code}${who}, and all that was stored is that it may have been sent`];
    if (operation === 'RollbackTransaction') {
      const net = inTime.reduce((sum, { cents }) => sum + cents, 0n);
      const isDuty = promised && (goal === 'void' || state === 'reversed' || state === 'cancelled');
      return net === 0n || isDuty
        ? []
        : [`a rollback was told 0${who} before the undo, and no duty to undo was stored`];
    }
    const isThere = legs.every(({ reference, kind }) =>
      inTime.some((line) => line.reference === reference && line.kind === kind),
    );
    const wasRolledBack = rolledBack && (goal === 'void' || state === 'reversed' || state === 'cancelled');
    // What was read may be what followed from the duty: then its story has the instant it was stored.
    const wasAccepted = accepted !== undefined && accepted <= heard + CLOCKS_MS;
    return isThere || goal === 'deliver' || wasAccepted || wasRolledBack
      ? []
      : [`it was told ${code}${who} before the ledger had it, and no duty to deliver was stored`];
  });
}

/**
 * The faults that can have left it undone: those its own wallet calls met, else those of processes and links
 * in its time.
 * @param {readonly Delivery[]} deliveries
 * @param {readonly { fault: string | null }[]} calls
 * @param {readonly BefallenFault[]} faults
 */
function explain(deliveries, calls, faults) {
  if (calls.length > 0) return { by: 'a fault of its own wallet calls', faults: calls.map(({ fault }) => fault) };
  const from = Math.min(...deliveries.map(({ at }) => at));
  const until = Math.max(...deliveries.map(({ heard }) => heard));
  const around = faults.filter((fault) => fault.at <= until && (fault.until ?? fault.at) >= from);
  return around.length === 0 ? undefined : { by: 'a fault in its time', faults: around.map(({ what }) => what) };
}
