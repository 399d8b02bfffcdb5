// Whether one condition can only hold where another holds too, told from their shape alone. It says no in
// doubt: what it says yes to is shown to people as a rule that is never asked.

import type { ASTNode } from '@marcbachmann/cel-js';
import { fieldsRead, literalText, neededPaths, sourceOf } from './tree.js';

type Literal = string | bigint | boolean | null;
/** What a condition says of one value and of nothing else. */
interface Claim {
  readonly subject: string;
  /** The only values it holds for, where they are named. */
  readonly among?: readonly Literal[];
  readonly bound?: Bound;
  allows(value: Literal): boolean;
}
interface Bound {
  readonly side: 'above' | 'below';
  readonly limit: bigint;
  /** Whether the limit itself is within. */
  readonly inclusive: boolean;
}

/** True where `narrow` cannot hold without `wide` holding too. */
export function impliesOther(narrow: ASTNode, wide: ASTNode): boolean {
  if (plainSource(narrow) === plainSource(wide)) return true;
  const claim = claimOf(narrow);
  if (claim !== undefined && (isAllowed(claim, wide) || isNarrower(claim, claimOf(wide)))) return true;
  return impliesParts(narrow, wide) ?? needsWhatIsAsked(narrow, wide);
}

function isAllowed({ among, subject }: Claim, wide: ASTNode): boolean {
  // A loop, because of five hundred rules this is asked a hundred thousand times, and a closure each is 20 MB.
  for (const value of among ?? []) if (!allowed(wide, subject, value)) return false;
  return among !== undefined;
}

/** By the parts of either; undefined where these leave it open. */
function impliesParts(narrow: ASTNode, wide: ASTNode): boolean | undefined {
  if (narrow.op === '||') return narrow.args.every((one) => impliesOther(one, wide));
  if (wide.op === '&&') return wide.args.every((one) => impliesOther(narrow, one));
  if (wide.op === '||' && wide.args.some((one) => impliesOther(narrow, one))) return true;
  if (narrow.op === '&&' && narrow.args.some((one) => impliesOther(one, wide))) return true;
  return undefined;
}

/** True for a rule that holds for no reply without a body. */
export function isAboutBody(node: ASTNode): boolean {
  return neededPaths(node, true).some(
    ([root, part = '']) => root === 'response' && (part === 'body' || part === 'fault'),
  );
}

/** True for a rule that a reply can satisfy by its status alone. `isVarSo`: whether a var is such a rule. */
export function isAboutStatus(node: ASTNode, isVarSo: (name: string) => boolean): boolean {
  if (node.op === '||') return node.args.some((one) => isAboutStatus(one, isVarSo));
  if (node.op === '&&') return node.args.every((one) => isAboutStatus(one, isVarSo));
  if (fieldsRead(node, 'response').some((name) => name !== 'status')) return false;
  return fieldsRead(node, 'vars').every(isVarSo);
}

/** `has(a.b)` holds wherever a rule that reads a.b.c does. */
function needsWhatIsAsked(narrow: ASTNode, wide: ASTNode): boolean {
  if (wide.op !== 'call' || wide.args[0] !== 'has') return false;
  const [asked] = wide.args[1].flatMap((part) => neededPaths(part, false));
  return (
    asked !== undefined && neededPaths(narrow, true).some((path) => asked.every((step, index) => step === path[index]))
  );
}

function allowed(node: ASTNode, subject: string, value: Literal): boolean {
  if (node.op === '||') return node.args.some((one) => allowed(one, subject, value));
  if (node.op === '&&') return node.args.every((one) => allowed(one, subject, value));
  const claim = claimOf(node);
  return claim?.subject === subject && claim.allows(value);
}

/** Each rule is compared with each behind it, so what is told of a node is told once. */
const claims = new WeakMap<ASTNode, { readonly claim: Claim | undefined }>();
const plainSources = new WeakMap<ASTNode, string>();

function claimOf(node: ASTNode): Claim | undefined {
  const known = claims.get(node);
  if (known !== undefined) return known.claim;
  const claim = readClaim(node);
  claims.set(node, { claim });
  return claim;
}

function readClaim(node: ASTNode): Claim | undefined {
  if (node.op === '==') return equality(node.args[0], node.args[1]) ?? equality(node.args[1], node.args[0]);
  if (node.op === '<' || node.op === '<=') return limited(node.args, 'below', node.op === '<=');
  if (node.op === '>' || node.op === '>=') return limited(node.args, 'above', node.op === '>=');
  if (node.op !== 'in' || node.args[1].op !== 'list') return undefined;
  const among = node.args[1].args.map(literalOf);
  return among.every((literal) => literal !== undefined) ? oneOf(plainSource(node.args[0]), among) : undefined;
}

function equality(value: ASTNode, literal: ASTNode): Claim | undefined {
  const only = literalOf(literal);
  return only === undefined ? undefined : oneOf(plainSource(value), [only]);
}

function oneOf(subject: string, among: readonly Literal[]): Claim {
  return { subject, among, allows: (value) => among.includes(value) };
}

function limited(
  [value, end]: readonly [ASTNode, ASTNode],
  side: Bound['side'],
  inclusive: boolean,
): Claim | undefined {
  const limit = literalOf(end);
  if (typeof limit !== 'bigint') return undefined;
  const bound = { side, limit, inclusive };
  return {
    subject: plainSource(value),
    bound,
    allows: (other) => typeof other === 'bigint' && (other === limit ? inclusive : isBeyond(bound, other)),
  };
}

const isBeyond = ({ side, limit }: Bound, value: bigint): boolean => (side === 'above' ? value > limit : value < limit);

function isNarrower(narrow: Claim, wide: Claim | undefined): boolean {
  if (narrow.bound === undefined || wide?.bound === undefined || narrow.subject !== wide.subject) return false;
  if (narrow.bound.side !== wide.bound.side) return false;
  const { limit, inclusive } = narrow.bound;
  return limit === wide.bound.limit ? wide.bound.inclusive || !inclusive : isBeyond(wide.bound, limit);
}

function literalOf(node: ASTNode): Literal | undefined {
  if (node.op === '-_') {
    const positive = literalOf(node.args);
    return typeof positive === 'bigint' ? -positive : undefined;
  }
  if (node.op !== 'value') return undefined;
  const { args } = node;
  return typeof args === 'string' || typeof args === 'bigint' || typeof args === 'boolean' || args === null
    ? args
    : undefined;
}

/** The text of a node without the spaces between its words, and with one way to name a field. */
function plainSource(node: ASTNode): string {
  const known = plainSources.get(node);
  if (known !== undefined) return known;
  const source = withoutSpaces(node);
  plainSources.set(node, source);
  return source;
}

function withoutSpaces(node: ASTNode): string {
  if (node.op === '.') return `${plainSource(node.args[0])}.${node.args[1]}`;
  if (node.op === '[]') {
    const name = literalText(node.args[1]);
    if (name !== undefined) return `${plainSource(node.args[0])}.${name}`;
  }
  return sourceOf(node).replace(/("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\s+/g, (_all, quoted?: string) => quoted ?? '');
}
