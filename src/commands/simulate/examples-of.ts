// The replies an operator's file shows, and those of its preset, which a list of its own replaces.

import { Malformed } from '../../codecs/codec.js';
import type { Codec } from '../../codecs/codec-of.js';
import type { Draft } from '../../expressions/draft.js';
import type { CallSource } from '../../mapping/source.js';
import type { CompiledOperator } from '../../operators/compile.js';
import { presetNames, readPreset } from '../../operators/presets.js';
import { examples } from '../../operators/schema/examples.js';
import type { OperatorFile } from '../../operators/schema/operator-file.js';
import { atOnce } from '../../operators/turns.js';
import type { ShownOf } from '../../sandbox/reply-maker.js';
import { find, parseYaml, plain } from '../../yaml/tree.js';
import { replyOf } from '../samples/made-up-reply.js';

type Example = OperatorFile['examples'][number];

/** Those of the same call first, then those of others: they may share its rules. */
export function examplesOf({ file }: CompiledOperator): ShownOf {
  const all = [...file.examples, ...presetExamples(file.extends)];
  return (source) => {
    const shown = all.map(({ expect, repeatOf, reply, ...call }) => ({
      expect,
      repeatOf,
      isOwn: isOf(call, source),
      draft: (codec: Codec) => draftOf(reply, codec),
    }));
    return [...shown.filter(({ isOwn }) => isOwn), ...shown.filter(({ isOwn }) => !isOwn)];
  };
}

function presetExamples(name: string | undefined): readonly Example[] {
  if (name === undefined || !presetNames().includes(name)) return [];
  const { tree } = atOnce(parseYaml(readPreset(name).text));
  const written = find(tree, ['examples']);
  return written === undefined ? [] : examples.parse(plain(written));
}

/** An undo is an example’s `rollback`. */
function isOf({ operation, of = 'withdraw' }: Pick<Example, 'operation' | 'of'>, own: CallSource): boolean {
  if (operation !== (own.operation === 'undo' ? 'rollback' : own.operation)) return false;
  return own.about === undefined || of === own.about;
}

function draftOf(written: Example['reply'], codec: Codec): Draft | undefined {
  if (written === undefined) return undefined;
  const reply = replyOf(written, codec);
  if ('because' in reply) return undefined;
  try {
    const { content } = codec.read(reply.body);
    return { status: BigInt(reply.status), headers: reply.headers, body: content?.body };
  } catch (failure) {
    if (failure instanceof Malformed) return undefined;
    throw failure;
  }
}
