// One wallet call as an operator's file describes it: the request it makes and how the reply is read.
// Compiled once at load; rendering and reading are pure and never wait.

import { randomUUID } from 'node:crypto';
import { codecOf, type Codec } from '../codecs/codec-of.js';
import type { CompiledCall, Rendered, Subject } from '../wallet/compiled-wallet.js';
import { type Template } from '../expressions/expressions.js';
import { explainReply, turnedAway, valueOn, type CompileReader, type ReadRule } from './reply.js';
import { compileRequest } from './request.js';
import { type CallScope, type NamesOf } from './scope.js';
import type { CallSource, MappingContext } from './source.js';
import { compileSession } from './session.js';
import { compilerFor } from './template.js';
import type { WalletReply, WalletRequest } from '../wallet/message.js';
import { playerOf } from '../wallet/compiled-wallet.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';
import type { Place } from '../expressions/scope.js';

const makeUuid = (): string => randomUUID();

/** A call that can also say how it reads a reply, for people. */
export interface MappedCall<V> extends CompiledCall<V> {
  /** `uuid` makes its ids, where they must be known beforehand. */
  render(subject: Subject, now: number, uuid?: () => string): Rendered;
  readonly codecs: { readonly request: Codec; readonly response: Codec };
  /** Each rule in the order it is tried; `unreadable` where no rule is asked at all. */
  explain(
    subject: Subject,
    request: WalletRequest,
    reply: WalletReply,
    now: number,
  ): { rules: ReadRule[]; unreadable?: string };
  /** Its request may be another one when it is sent again. */
  readonly knowsRepeats: boolean;
  /** What its author wrote. */
  readonly source: CallSource;
  /** What an expression comes to where its rules stand; undefined where it cannot be worked out. */
  valueOf(
    expression: string,
    about: { readonly subject: Subject; readonly request: WalletRequest; readonly now: number },
    reply: WalletReply,
  ): unknown;
}

/**
 * The call, once it is told what it is about; undefined where the file has a mistake, which was then
 * reported. Others may have their turn between two of its parts.
 */
export function* compileMapping<V>(
  source: CallSource,
  compileReader: CompileReader<V>,
  context: MappingContext,
): Generator<undefined, ((namesOf: NamesOf) => MappedCall<V>) | undefined> {
  const place = (kind: 'request' | 'reply'): Place => ({
    kind,
    operation: source.operation,
    ...(source.about && { undoOf: source.about }),
    format: source.format.response,
  });
  const codecs = {
    request: codecOf(source.format.request, context.charset),
    response: codecOf(source.format.response, context.charset),
  };
  const inRequest = compilerFor(place('request'), context);
  const inReply = compilerFor(place('reply'), context);
  const render = compileRequest(source.request, codecs, context.credentials, inRequest);
  const reader = yield* compileReader(source, inReply, codecs.response);
  const session = compileSession(source.session, inReply);
  const when = source.when && inRequest.template(source.when, 'bool');
  const instead = source.badSession?.instead && compileSession(source.badSession.instead, inRequest);
  if (render === undefined || reader === undefined) return undefined;
  const player = inRequest.reads('player') || inReply.reads('player');
  const round = inRequest.reads('round') || inReply.reads('round');
  const sentWith = inRequest.reads('original.session') || inReply.reads('original.session');

  // Asked by whoever makes replies, once the file is known to be right; most processes never do.
  const asked = compilerFor(place('reply'), { ...context, report: () => undefined });
  const templates = new Map<string, Template | undefined>();
  const templateOf = (expression: string): Template | undefined => {
    if (!templates.has(expression))
      templates.set(expression, asked.template({ text: `\${${expression}}`, path: source.path }, 'kept'));
    return templates.get(expression);
  };

  const secrets: Record<string, unknown> = { __proto__: null, ...Object.fromEntries(context.secrets) };
  const { settings, currencies, timeout } = context;
  const none = {};
  return (namesOf) => {
    const scopeOf = (subject: Subject, now: number, uuid = makeUuid): CallScope => {
      const scope = onlineScopeOf(subject, now, uuid);
      const { session, isOver } = subject.known ?? {};
      if (instead === undefined || !player || (session !== undefined && isOver !== true)) return scope;
      const other = instead(inRequest.withVars({ ...scope, secrets }));
      const { session: _over, ...launched } = session ?? {};
      scope.player = { ...launched, ...(other !== undefined && { session: other }), offline: true };
      return scope;
    };
    const onlineScopeOf = (subject: Subject, now: number, uuid: () => string): CallScope => {
      const { request, reference: own, winReference, repeat, original } = namesOf(subject);
      const agent = playerOf(subject).agentID;
      const currency = currencies.get(agent);
      return {
        request,
        reference: own,
        winReference,
        repeat: repeat === undefined ? undefined : repeat || subject.again === true,
        original,
        agent,
        currency: currency?.code,
        minorDecimals: currency?.minorDecimals,
        settings,
        secrets: none,
        player: player ? { ...subject.known?.session, offline: false } : none,
        round: subject.known?.bet === undefined ? none : { bet: subject.known.bet },
        vars: none,
        now,
        uuid,
        charset: context.charset,
        sent: none,
        response: none,
      };
    };
    const replyScopeOf = (subject: Subject, { sent }: WalletRequest, now: number, vars = inReply): CallScope => {
      const scope = scopeOf(subject, now);
      scope.sent = sent;
      return vars.withVars(scope);
    };
    return {
      timeout,
      codecs,
      render(subject, now, uuid) {
        const scope = scopeOf(subject, now, uuid);
        if (scope.currency === undefined)
          return { kind: 'cannot', because: 'the agent is no longer in the operator file' };
        scope.secrets = secrets;
        return render(inRequest.withVars(scope));
      },
      ...((player || round || sentWith) && { needs: { player, round, ...(sentWith && { sentWith }) } }),
      ...(when && { isDue: (subject, now) => holds(when, inRequest.withVars(scopeOf(subject, now))) }),
      read(subject, request, reply, now) {
        const scope = replyScopeOf(subject, request, now);
        const verdict = reader.read(scope, reply);
        // What cannot be read, or is a redirect, was never shown to the rules.
        if (scope.response === none) return { verdict };
        const handed = session?.(scope);
        // A reply that is a yes as well says nothing: sent once more, it might be done twice.
        const isBad = instead !== undefined && player && verdict === turnedAway;
        return { verdict, ...(handed !== undefined && { session: handed }), ...(isBad && { badSession: true }) };
      },
      explain: (subject, request, reply, now) =>
        explainReply(reader.rules, replyScopeOf(subject, request, now), reply, codecs.response),
      knowsRepeats: inRequest.reads('repeat'),
      source,
      valueOf(expression, { subject, request, now }, reply) {
        const template = templateOf(expression);
        return template && valueOn(template, replyScopeOf(subject, request, now, asked), reply, codecs.response);
      },
    };
  };
}

/** A condition that cannot be evaluated does not hold. */
function holds(condition: Template, scope: CallScope): boolean {
  try {
    return condition.evaluate(scope) === true;
  } catch (failure) {
    if (failure instanceof EvaluationFailure) return false;
    throw failure;
  }
}
