// Reads a wallet's reply by the operator's rules. Only an explicit yes is a yes, only an explicit no is a no;
// what is doubtful – a redirect, a body that is not JSON, rules that contradict each other – is unknown,
// whatever a rule says.

import { Money } from '../domain/money.js';
import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import { Malformed } from '../codecs/codec.js';
import type { Codec } from '../codecs/codec-of.js';
import { type Template } from '../expressions/expressions.js';
import type { CallScope } from './scope.js';
import { compileRules, type ErrorRule, type Held, type Rule, type Rules } from './rules.js';
import type { CallSource } from './source.js';
import type { Compile } from './template.js';
import { pathText } from '../yaml/diagnostics.js';
import type { WalletReply } from '../wallet/message.js';
import { textOf } from '../codecs/plain-text.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';
import type { Scope } from '../expressions/language.js';

interface Reader<V> {
  /** In the order they are tried. */
  readonly rules: readonly Rule[];
  read(scope: CallScope, reply: WalletReply): V;
}
export type CompileReader<V> = (
  source: CallSource,
  compile: Compile,
  codec: Codec,
) => Generator<undefined, Reader<V> | undefined>;
export type ReadRule = Pick<Rule, 'path' | 'text'> & { readonly held: Held };

type Judgement =
  | { readonly kind: 'yes' }
  | { readonly kind: 'error'; readonly rule: ErrorRule; readonly because: string }
  | { readonly kind: 'turnedAway' }
  | { readonly kind: 'unknown'; readonly because: string };

const longestReceipt = 200;
/**
 * The wallet turns the player's session away, and says nothing else. Whoever is not let in hears nothing of what
 * was done before, and nothing is done.
 */
export const turnedAway = { kind: 'notApplied', because: 'the wallet turned the session away', reached: true } as const;
const unknown = (because: string) => ({ kind: 'unknown', because }) as const;

/** Judges a reply by the `applied` rule and the error rules; `make` says what that judgement becomes. */
function reader<V>(make: (judgement: Judgement, findings: Findings, scope: CallScope) => V): CompileReader<V> {
  return function* (source, compile, codec) {
    const rules = yield* compileRules(source, compile);
    const findings = compileFindings(source, compile);
    if (rules === undefined) return undefined;
    return {
      rules: [...(rules.badSession ? [rules.badSession] : []), rules.applied, ...rules.errors],
      read: (scope, reply) => make(judge(rules, source, scope, reply, codec), findings, scope),
    };
  };
}

/** A send or an undo: applied, else what the first error rule that holds says. */
export const readMoney = reader<Verdict>((judgement, findings, scope) => {
  switch (judgement.kind) {
    case 'yes':
      return { kind: 'applied', ...findings.balance(scope), ...findings.receipt(scope) };
    case 'error':
      return verdictOf(judgement, findings.balance(scope));
    case 'turnedAway':
      return turnedAway;
    case 'unknown':
      return judgement;
  }
});

/** A balance call: applied, and the balance can be read. */
export const readBalance = reader<BalanceVerdict>((judgement, findings, scope) => {
  switch (judgement.kind) {
    case 'yes': {
      const { balance } = findings.balance(scope);
      return balance === undefined ? unknown('the balance cannot be read') : { kind: 'balance', balance };
    }
    case 'error': {
      const verdict = verdictOf(judgement, {});
      return verdict.kind === 'refused' || verdict.kind === 'unknown'
        ? verdict
        : unknown(`a balance call answered ${verdict.kind}`);
    }
    case 'turnedAway':
      return unknown(turnedAway.because);
    case 'unknown':
      return judgement;
  }
});

/** A lookup: exactly one of its three questions is answered with yes. */
export const readLookup: CompileReader<Verdict> = function* (source, compile, codec) {
  const rules = yield* compileRules(source, compile);
  const findings = compileFindings(source, compile);
  if (rules === undefined) return undefined;
  const { applied, refused, absent, badSession } = rules;
  const asked = [applied, refused, absent].filter((rule) => rule !== undefined);
  return {
    rules: [...asked, ...(badSession ? [badSession] : [])],
    read(scope, reply) {
      const opened = open(scope, reply, codec);
      if ('because' in opened) return unknown(opened.because);
      const holding = asked.filter((rule) => (rule !== applied || opened.as === 'reply') && rule.holds(scope) === true);
      const [answer, second] = holding;
      if (badSession?.holds(scope) === true)
        return answer === applied ? unknown('the reply is applied and a bad session at once') : turnedAway;
      if (second !== undefined) return unknown('the lookup answers two things at once');
      if (answer === undefined) return unknown(`no rule of the lookup holds (HTTP ${reply.status})`);
      if (answer === applied) return { kind: 'applied', ...findings.balance(scope), ...findings.receipt(scope) };
      return answer === refused
        ? { kind: 'refused', result: 'generalError', ...findings.balance(scope), because: saidBy(answer, reply) }
        : { kind: 'notFound', because: saidBy(answer, reply) };
    },
  };
};

/** Every rule and whether it holds; `unreadable` says why none is asked. */
export function explainReply(
  rules: readonly Rule[],
  scope: CallScope,
  reply: WalletReply,
  codec: Codec,
): { rules: ReadRule[]; unreadable?: string } {
  const opened = open(scope, reply, codec);
  if ('because' in opened) return { rules: [], unreadable: opened.because };
  return { rules: rules.map((rule) => ({ path: rule.path, text: rule.text, held: rule.holds(scope) })) };
}

/** What an expression of the reply comes to, whatever the rules say; undefined where it cannot be worked out. */
export function valueOn(template: Template, scope: CallScope, reply: WalletReply, codec: Codec): unknown {
  return 'because' in open(scope, reply, codec) ? undefined : attempt(template, scope);
}

function judge(
  rules: Pick<Rules, 'applied' | 'errors' | 'badSession'>,
  source: CallSource,
  scope: CallScope,
  reply: WalletReply,
  codec: Codec,
): Judgement {
  const opened = open(scope, reply, codec);
  if ('because' in opened) return unknown(opened.because);
  const applied = opened.as === 'reply' && rules.applied.holds(scope) === true;
  // A first bet may be refused for it, as the error rules say.
  if ((source.badSession?.instead !== undefined || scope.repeat === true) && rules.badSession?.holds(scope) === true)
    return applied ? unknown('the reply is applied and a bad session at once') : { kind: 'turnedAway' };
  const rule = rules.errors.find((error) => error.holds(scope) === true);
  if (applied && rule !== undefined) return unknown(`the reply is applied and ${rule.result} at once`);
  if (applied) return { kind: 'yes' };
  if (rule !== undefined) return { kind: 'error', rule, because: saidBy(rule, reply) };
  return unknown(`${opened.as === 'fault' ? 'a fault, and ' : ''}no rule holds (HTTP ${reply.status})`);
}

/**
 * Shows the reply to the rules, as `response` in their scope. Only a `reply` can be a yes: a fault says that
 * something went wrong, whatever its status, and `silence` says nothing – a reply without a body, unless its
 * status tells that there is none. Otherwise: why no rule may be asked.
 */
function open(
  scope: CallScope,
  { status, headers, body }: WalletReply,
  codec: Codec,
): { as: 'reply' | 'fault' | 'silence' } | { because: string } {
  if (status >= 300 && status < 400) return { because: `a redirect (HTTP ${status})` };
  try {
    const { text, content } = codec.read(body);
    scope.response = { status: BigInt(status), headers, text, ...content };
    if (content === undefined) return { as: status === 204 ? 'reply' : 'silence' };
    return { as: content.fault === undefined ? 'reply' : 'fault' };
  } catch (failure) {
    if (failure instanceof Malformed) return { because: `${failure.message} (HTTP ${status})` };
    throw failure;
  }
}

/** "errors[0] holds (HTTP 402)" */
function saidBy({ path }: Rule, { status }: WalletReply): string {
  const rule = pathText(path.at(-1) === 'when' ? path.slice(0, -1) : path);
  return `${rule} holds (HTTP ${status})`;
}

function verdictOf(
  { rule: { result, outcome }, because }: Extract<Judgement, { kind: 'error' }>,
  balance: { balance?: Money },
): Verdict {
  if (outcome === 'notApplied')
    return { kind: 'notApplied', because: `a rule says ${result}, not applied: ${because}`, reached: true };
  switch (result) {
    case 'duplicate':
    case 'alreadyRolledBack':
      return outcome === 'unknown'
        ? unknown(`a rule says ${result}, unknown: ${because}`)
        : { kind: result, ...balance, because };
    case 'notFound':
      return outcome === 'unknown' ? unknown(`a rule says ${result}, unknown: ${because}`) : { kind: result, because };
    case 'insufficientFunds':
    case 'userNotFound':
    case 'wrongInput':
    case 'generalError':
      // A general error proves nothing by itself; the others are refusals unless the rule says otherwise.
      if (outcome === 'unknown' || (outcome === undefined && result === 'generalError'))
        return unknown(`a rule says ${result}: ${because}`);
      return { kind: 'refused', result, ...balance, because };
  }
}

interface Findings {
  balance(scope: Scope): { balance?: Money };
  receipt(scope: Scope): { receipt?: string };
}

/** What a reply tells besides its verdict. Missing or unreadable, it is left out and changes nothing. */
function compileFindings({ balance, balanceFollows, receipt }: CallSource, compile: Compile): Findings {
  const money = balance && compile.template(balance, 'money');
  const text = receipt && compile.template(receipt, 'any');
  return {
    balance(scope) {
      const value = balanceFollows === true ? undefined : attempt(money, scope);
      return value instanceof Money ? { balance: value } : {};
    },
    receipt(scope) {
      const value = textOf(attempt(text, scope));
      return value === undefined || value === '' || value.length > longestReceipt ? {} : { receipt: value };
    },
  };
}

function attempt(template: Template | undefined, scope: Scope): unknown {
  try {
    return template?.evaluate(scope);
  } catch (failure) {
    if (failure instanceof EvaluationFailure) return undefined;
    throw failure;
  }
}
