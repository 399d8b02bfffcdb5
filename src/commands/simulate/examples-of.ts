// The replies an operator's file shows, and those of its preset, which a list of its own replaces.

import type { CompiledOperator } from '../../operators/compile.js';
import { presetNames, readPreset } from '../../operators/presets.js';
import { examples } from '../../operators/schema/examples.js';
import type { CallSource } from '../../mapping/source.js';
import { find, parseYaml, plain } from '../../yaml/tree.js';
import type { Example } from './reply-maker.js';

/** Those of the same call first, then those of others: they may share its rules. */
export function examplesOf({ file }: CompiledOperator): (source: CallSource) => readonly Example[] {
  const all = [...file.examples, ...presetExamples(file.extends)];
  return ({ operation, about }) => {
    const own = all.filter((example) => isOf(example, operation, about));
    return [...own, ...all.filter((example) => !own.includes(example))];
  };
}

function presetExamples(name: string | undefined): readonly Example[] {
  if (name === undefined || !presetNames().includes(name)) return [];
  const { tree } = parseYaml(readPreset(name).text);
  const written = find(tree, ['examples']);
  return written === undefined ? [] : examples.parse(plain(written));
}

/** An undo is an example’s `rollback`. */
function isOf(
  { operation, of = 'withdraw' }: Example,
  own: CallSource['operation'],
  about: CallSource['about'],
): boolean {
  if (own === 'undo') return operation === 'rollback' && (about === undefined || of === about);
  return operation === own && (own !== 'lookup' || about === undefined || of === about);
}
