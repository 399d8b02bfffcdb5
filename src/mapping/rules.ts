// The conditions on a reply. What proves something must prove it by what the reply says, never by what it
// does not say: rules that would hold for almost any reply are mistakes.

import type { Path } from '../yaml/tree.js';
import { alwaysTrue, looksAtReply, negatesReply } from '../expressions/expressions.js';
import type { CallSource, ErrorRuleSource, Written } from './source.js';
import type { Compile } from './template.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';
import type { Scope } from '../expressions/language.js';

/** A rule that cannot be evaluated does not hold. */
export type Held = boolean | { readonly because: string };
export interface Rule {
  readonly path: Path;
  readonly text: string;
  /** It holds whatever comes. */
  readonly certain: boolean;
  holds(scope: Scope): Held;
}
export type ErrorRule = Rule & Pick<ErrorRuleSource, 'result' | 'outcome'>;
export interface Rules {
  readonly applied: Rule;
  readonly refused: Rule | undefined;
  readonly absent: Rule | undefined;
  /** The wallet turns the player's session away. */
  readonly badSession: Rule | undefined;
  readonly errors: readonly ErrorRule[];
}

/**
 * All rules of a call; undefined where one is missing or has a mistake, which was then reported. There may be
 * hundreds, so others may have their turn between two of them.
 */
export function* compileRules(source: CallSource, compile: Compile): Generator<undefined, Rules | undefined> {
  const { path, errors: sources } = source;
  if (source.applied === undefined)
    compile.report(
      [...path, 'response', 'applied'],
      'missing; expected the condition that makes a reply a success, here or as wallet.applied',
    );
  const applied = source.applied && compileRule(source.applied, 'yes', compile);
  const refused = source.refused && compileRule(source.refused, 'no', compile);
  const absent = source.absent && compileRule(source.absent, 'no', compile);
  const badSession = source.badSession && compileRule(source.badSession.when, 'no', compile);
  const errors: ErrorRule[] = [];
  let isDecided = false;
  for (const { when, result, outcome } of sources) {
    yield;
    if (isDecided)
      compile.report(when.path, 'never asked, because a rule before it always holds; expected that one last', {
        severity: 'warning',
      });
    const says = outcome === 'unknown' || (outcome === undefined && result === 'generalError') ? 'nothing' : 'no';
    const rule = compileRule(when, says, compile);
    if (rule === undefined) continue;
    errors.push({ ...rule, result, outcome });
    isDecided ||= rule.certain;
  }
  return applied === undefined || errors.length < sources.length
    ? undefined
    : { applied, refused, absent, badSession, errors };
}

function compileRule({ text, path }: Written, says: 'yes' | 'no' | 'nothing', compile: Compile): Rule | undefined {
  const condition = compile.template({ text, path }, 'bool');
  if (condition === undefined) return undefined;
  const certain = alwaysTrue(text);
  if (certain && says !== 'nothing')
    compile.report(path, 'always holds, so it proves nothing; expected a condition on response');
  else if (says !== 'nothing' && !looksAtReply(text))
    compile.report(path, 'can hold whatever the reply says, so it proves nothing; expected a condition on response');
  if (says === 'no' && negatesReply(text))
    compile.report(
      path,
      'a no must be said by the reply, and != or ! also hold for replies that say something else; expected ==, in or like',
    );
  return {
    path,
    text,
    certain,
    holds(scope) {
      const lacking = condition.lacks?.(scope);
      if (lacking !== undefined) return { because: lacking.message };
      try {
        return condition.evaluate(scope) === true;
      } catch (failure) {
        if (failure instanceof EvaluationFailure) return { because: failure.message };
        throw failure;
      }
    },
  };
}
