// Whether a sign can be valid for something else than it was made for. Signed values are joined with nothing
// between, so that depends on which stand side by side and on what the operator's formats say of them. The
// one way for all dialects: it looks at the orders they sign in. It says false in doubt, which costs a memory
// of signs and nothing else; a wrong true would let a captured sign move money a second time.
//
// One text is looked at as two callbacks, of one operation or of two. It must not be possible that they name
// two transactions, or that one is a transaction's and the other a balance query's. The agentID is the same
// in both: it comes first, and no two agents of one key have names that begin alike.
//
// - The first point of a text is that of its first amount, if nothing before it may hold a point. From there
//   on both callbacks have the same amounts, and then the same rest: an amount ends two digits behind its
//   point. Where one has fewer amounts, its rest begins with more characters without a point than an amount
//   has digits, so it cannot be an amount.
// - In what is left, a transactionID is one and the same if both of its ends are at one place in both
//   callbacks. A place is known by the lengths of what stands before it, or behind it.
// - Two callbacks whose lengths never agree are never one text.

import { longestAmount } from './amount.js';
import { agentName, type CallbackShape, type Dialect, type Role } from './dialects/dialect.js';
import { formatOf, lengthsOf, type Formats, type Lengths } from './formats.js';

/** Values of one callback that stand side by side. */
type Row = readonly Value[];
interface Value extends Lengths {
  readonly role: Role;
  readonly mayHoldPoint: boolean;
}
interface Parts {
  /** What stands between the agentID and the first amount; nothing, where there is no amount. */
  readonly head: Row;
  readonly amounts: number;
  /** What stands behind the last amount, or behind the agentID. */
  readonly rest: Row;
}

/**
 * True where, with identifiers of these formats, no sign can be valid for two transactions, or for a balance
 * query and a transaction. `digits`: the most that stand before an amount's point.
 */
export function signsAreApart(
  { operations }: Pick<Dialect, 'operations'>,
  formats: Formats,
  digits = longestAmount,
): boolean {
  const shapes = Object.values(operations);
  const all = shapes.map((shape) => partsOf(shape, formats)).filter((parts) => parts !== undefined);
  if (all.length < shapes.length) return false;
  return all.every((one, at) => all.slice(at).every((other) => areApart(one, other, digits)));
}

const isAmount = (role: Role): boolean => role === 'bet' || role === 'win';

/** Undefined for an order that this reasoning does not hold for. */
function partsOf({ signed: [first, ...others] }: CallbackShape, formats: Formats): Parts | undefined {
  const roles = others.map(({ role }) => role);
  const [from, to] = [roles.findIndex(isAmount), roles.findLastIndex(isAmount)];
  const amounts = roles.slice(Math.max(from, 0), to + 1);
  if (first?.role !== agentName || !amounts.every(isAmount)) return undefined;
  const row = (some: readonly Role[]): Row => some.map((role) => valueOf(role, formats));
  return { head: row(roles.slice(0, Math.max(from, 0))), amounts: amounts.length, rest: row(roles.slice(to + 1)) };
}

function valueOf(role: Role, formats: Formats): Value {
  const lengths = lengthsOf(formats[formatOf(role)]);
  return { role, mayHoldPoint: lengths === undefined, ...(lengths ?? { least: 1, most: Infinity }) };
}

function areApart(one: Parts, other: Parts, digits: number): boolean {
  const [fewer, more] = one.amounts <= other.amounts ? [one, other] : [other, one];
  const holdsNoPoint = ({ mayHoldPoint }: Value): boolean => !mayHoldPoint;
  if (![...one.head, ...other.head].every(holdsNoPoint)) return false;
  if (fewer.amounts === more.amounts) return areRestsApart(one.rest, other.rest);
  if (fewer.amounts === 0) return fewer.rest.every(holdsNoPoint);
  const firstWithPoint = fewer.rest.findIndex(({ mayHoldPoint }) => mayHoldPoint);
  const pointless = firstWithPoint === -1 ? fewer.rest : fewer.rest.slice(0, firstWithPoint);
  return lengthOf(pointless).least > digits;
}

function areRestsApart(one: Row, other: Row): boolean {
  const [length, otherLength] = [lengthOf(one), lengthOf(other)];
  if (length.most < otherLength.least || otherLength.most < length.least) return true;
  const [cut, otherCut] = [cutAtTransaction(one), cutAtTransaction(other)];
  if (cut === undefined || otherCut === undefined) return cut === otherCut;
  const isSamePlace = (own: Lengths, its: Lengths): boolean =>
    own.least === own.most && its.least === its.most && own.least === its.least;
  const known = [
    isSamePlace(cut.before, otherCut.before),
    isSamePlace(cut.behind, otherCut.behind),
    isSamePlace(cut.transactionID, otherCut.transactionID),
  ];
  // Two of them say where it begins and where it ends.
  return known.filter((one) => one).length >= 2;
}

/** The lengths of a transactionID and of what stands around it; undefined where there is none. */
function cutAtTransaction(row: Row) {
  const at = row.findIndex(({ role }) => role === 'transactionID');
  const transactionID = row[at];
  if (transactionID === undefined) return undefined;
  return { before: lengthOf(row.slice(0, at)), transactionID, behind: lengthOf(row.slice(at + 1)) };
}

const lengthOf = (row: Row): Lengths => ({
  least: row.reduce((sum, { least }) => sum + least, 0),
  most: row.reduce((sum, { most }) => sum + most, 0),
});
