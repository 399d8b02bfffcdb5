// Error rules that can never say what they were written for. An operation may say otherwise than the common
// rules, and a file otherwise than its preset, on purpose. So a rule is told of only where no call at all can
// reach it.

import { alwaysTrue, covers, needsBody } from '../../expressions/expressions.js';
import type { CallSource, ErrorRuleSource, Written } from '../../mapping/source.js';
import { pathText } from '../../yaml/diagnostics.js';
import { find, type Path, type Tree } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

/**
 * A rule that, in every call it stands in, comes behind one that holds whenever it does, or holds only with
 * the yes.
 */
export const unreachableRules: Lint = {
  severity: 'warning',
  *find({ calls, tree }) {
    const reasons = new Map<string, { path: Path; why: (string | undefined)[] }>();
    const hides = hiding(tree);
    for (const call of calls)
      for (const [index, rule] of call.errors.entries()) {
        yield undefined;
        const { path } = rule.when;
        const { why } = reasons.get(pathText(path)) ?? { why: [] };
        reasons.set(pathText(path), { path, why: [...why, whyUnreachable(call, index, rule, hides)] });
      }
    for (const { path, why } of reasons.values()) {
      const [message] = why;
      if (message !== undefined && why.every((reason) => reason !== undefined)) yield { path, message };
    }
  },
};

function whyUnreachable(
  call: CallSource,
  index: number,
  { when, result }: ErrorRuleSource,
  hides: Hides,
): string | undefined {
  const earlier = hides(call.errors, index);
  if (earlier !== undefined)
    return `never the first that holds, because ${pathText(earlier.when.path)} holds whenever it does; expected it before that one, or left out`;
  const { applied } = call;
  // An empty reply is never asked for the yes, so a rule that holds for one may still be reached.
  if (applied !== undefined && needsBody(when.text) && covers(applied.text, when.text))
    return (
      `cannot say ${result}, because ${pathText(applied.path)} holds whenever it does, and a reply that is both is unknown; ` +
      'expected a narrower applied'
    );
  return undefined;
}

/** A lookup has three answers, and one that gives two of them gives none. */
export const twoAnswers: Lint = {
  severity: 'warning',
  *find({ calls }) {
    for (const lookup of calls.filter(({ operation }) => operation === 'lookup')) {
      const answers = (['applied', 'refused', 'absent'] as const).flatMap((name) => {
        const rule = lookup[name];
        return rule === undefined ? [] : [{ name, rule }];
      });
      for (const { name, rule } of answers) {
        const other = answers.find(
          (one) =>
            one.name !== name && (one.name !== 'applied' || needsBody(rule.text)) && covers(one.rule.text, rule.text),
        );
        if (other !== undefined)
          yield {
            path: rule.path,
            message: `cannot say ${name}, because ${other.name} holds whenever it does, and two answers are none; expected a narrower ${other.name}`,
          };
      }
    }
  },
};

/** The first of the rules before one that holds whenever it does. */
type Hides = (rules: CallSource['errors'], index: number) => ErrorRuleSource | undefined;

/**
 * The common rules stand in every call behind its own, so what is told of two of them is told once, however many
 * calls there are.
 */
function hiding(tree: Tree): Hides {
  const isOfPreset = ({ path }: Written): boolean => find(tree, path)?.at.file !== undefined;
  const hides = (earlier: Written, later: Written): boolean =>
    covers(earlier.text, later.text) &&
    !alwaysTrue(earlier.text) &&
    // It is overridden on purpose.
    !(isOfPreset(later) && !isOfPreset(earlier));
  const ofCommon = new Map<string, ErrorRuleSource | undefined>();
  return (rules, index) => {
    const later = rules[index]?.when;
    if (later === undefined) return undefined;
    const common = rules.findIndex(({ when }) => isCommon(when));
    const first = (from: number, to: number) => rules.slice(from, to).find(({ when }) => hides(when, later));
    if (!isCommon(later)) return first(0, index);
    const own = first(0, common);
    if (own !== undefined) return own;
    const name = pathText(later.path);
    if (!ofCommon.has(name)) ofCommon.set(name, first(common, index));
    return ofCommon.get(name);
  };
}

const isCommon = ({ path }: Written): boolean => path[0] === 'errors';
