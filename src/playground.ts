// The console's playground: what `explain` finds out of an operator file that is in use. The file is compiled once
// more, of the text it was read as and with stand-ins for every secret, so that no real one can come out of it.

import { explainCalls, type Explanation } from './commands/explain/explain-calls.js';
import { markStandIns } from './commands/explain/stand-ins.js';
import { sampleOperations } from './commands/samples/sample-callback.js';
import { secretMarks } from './commands/secret-mask.js';
import type { Playground } from './console/ports.js';
import { moneyKinds } from './domain/callback.js';
import type { CompiledOperator } from './operators/compile.js';
import { isError, loadAgain, type Loaded } from './operators/load.js';
import { formatProblem } from './yaml/diagnostics.js';

type Env = Readonly<Record<string, string | undefined>>;
type ReadFile = Loaded['files'][number];

interface Staged {
  /** With stand-ins, and with others, which tells what is computed of them. */
  readonly operators: readonly [CompiledOperator, CompiledOperator];
  readonly env: Env;
  readonly readFile: (path: string) => string;
}

export function createPlayground(loaded: () => Loaded | undefined, env: Env): Playground {
  /** While a file is in use it is compiled once. */
  const staged = new WeakMap<ReadFile, Promise<Staged | { readonly because: string }>>();
  return {
    operations: sampleOperations,
    kinds: moneyKinds,
    async play(name, { operation: word, of: about, fields, reply }) {
      const file = loaded()?.files.find(({ operator }) => operator?.name === name);
      const operation = sampleOperations.find((one) => one === word);
      if (file === undefined || operation === undefined) return { because: 'there is no such operator, or operation' };
      const stage = staged.get(file) ?? stageOf(file, env);
      staged.set(file, stage);
      const set = await stage;
      if ('because' in set) return set;
      const of = moneyKinds.find((one) => one === about);
      const now = Date.now();
      const [one, other] = set.operators;
      const explained = (operator: CompiledOperator, standIns: true | 'other'): Explanation =>
        explainCalls(
          operator,
          { operation, of, fields },
          reply,
          secretMarks(operator, set.env, standIns, set.readFile),
          now,
        );
      return markStandIns(explained(one, true), explained(other, 'other'));
    },
  };
}

async function stageOf({ file, texts, operator }: ReadFile, env: Env): Promise<Staged | { readonly because: string }> {
  const secrets = Object.values(operator?.file.secrets ?? {});
  const hidden = new Set(secrets.map(({ env: variable }) => variable));
  const hiddenFiles = new Set(secrets.map(({ file: path }) => path));
  const without = Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.has(name)));
  const readFile = (path: string): string => {
    const text = hiddenFiles.has(path) ? undefined : texts.get(path);
    if (text === undefined) throw new Error('it is not read here');
    return text;
  };
  const none: Loaded = { operators: [], problems: [], files: [] };
  const load = (standIns: true | 'other') => loadAgain([file], none, { env: without, readFile, standIns });
  const [one, other] = [await load(true), await load('other')];
  const operators = [one.operators[0], other.operators[0]] as const;
  if (operators[0] === undefined || operators[1] === undefined)
    return { because: one.problems.filter(isError).map(formatProblem)[0] ?? 'the file cannot be shown' };
  return { operators: [operators[0], operators[1]], env: without, readFile };
}
