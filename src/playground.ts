// The console's playground: what `explain` finds out of an operator file that is in use, and of another version of
// it. Each is compiled of its text alone, with stand-ins for every secret, so that no real one can come out of it.

import { explainCalls, type Explanation } from './commands/explain/explain-calls.js';
import { markStandIns } from './commands/explain/stand-ins.js';
import { sampleOperations, type SampleRequest } from './commands/samples/sample-callback.js';
import { secretMarks } from './commands/secret-mask.js';
import type { OtherVersion, Played, Playground } from './console/ports.js';
import { moneyKinds } from './domain/callback.js';
import type { CompiledOperator } from './operators/compile.js';
import { isError, loadAgain, type Loaded } from './operators/load.js';
import { sourceOf, variableCalled, type Surroundings } from './operators/secrets.js';
import { formatProblem } from './yaml/diagnostics.js';

type Env = Surroundings['env'];
type ReadFile = Loaded['files'][number];

interface Staged {
  /** With stand-ins, and with others, which tells what is computed of them; absent: it has an error. */
  readonly operators?: readonly [CompiledOperator, CompiledOperator];
  readonly problems: Loaded['problems'];
  /** Variables that were asked for. */
  readonly asked: ReadonlySet<string>;
}

/** Of mistakes and warnings: a page with more is read by nobody. */
const mostProblems = 50;

export function createPlayground(loaded: () => Loaded | undefined, env: Env): Playground {
  /** While a file is in use it is compiled once. */
  const staged = new WeakMap<ReadFile, Promise<Staged>>();
  /** Of a pasted file: callbacks need the processor more. */
  let isComparing = false;

  function stageInUse(file: ReadFile): Promise<Staged> {
    const hidden = new Set(Object.values(file.operator?.file.secrets ?? {}).map(({ env: variable }) => variable));
    const without = Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.has(name)));
    const stage = staged.get(file) ?? stageOf(file.file, file.texts.get(file.file) ?? '', without);
    staged.set(file, stage);
    return stage;
  }

  async function compare(inUse: Staged, text: string, explain: (of: Staged) => Explanation): Promise<OtherVersion> {
    if (isComparing) return { unread: [], problems: ['another file is being compared just now; show it once more'] };
    isComparing = true;
    try {
      const known = Object.fromEntries([...inUse.asked].map((name) => [name, env[name]]));
      const other = await stageOf('pasted.yaml', text, known);
      return {
        problems: other.problems.slice(0, mostProblems).map(formatProblem),
        unread: unreadOf(inUse, other),
        ...(other.operators !== undefined && { explained: explain(other) }),
      };
    } finally {
      isComparing = false;
    }
  }

  return {
    operations: sampleOperations,
    kinds: moneyKinds,
    async play(name, played) {
      const file = loaded()?.files.find(({ operator }) => operator?.name === name);
      const operation = sampleOperations.find((one) => one === played.operation);
      if (file === undefined || operation === undefined) return { because: 'there is no such operator, or operation' };
      const inUse = await stageInUse(file);
      const sample = { operation, of: moneyKinds.find((one) => one === played.of), fields: played.fields };
      const now = Date.now();
      const explain = (of: Staged): Explanation => explained(of, sample, played.reply, now);
      const other = played.file === undefined ? undefined : await compare(inUse, played.file, explain);
      return { ...explain(inUse), ...(other && { other }) };
    },
  };
}

/** A file by nothing but its text and these variables: no file is read, and no secret. */
async function stageOf(file: string, text: string, env: Env): Promise<Staged> {
  const asked = new Set<string>();
  const noted = new Proxy(env, {
    get(variables, name) {
      if (typeof name === 'string') asked.add(name);
      return typeof name === 'string' ? variables[name] : undefined;
    },
  });
  const readFile = (path: string): string => (path === file ? text : nothingRead());
  const none: Loaded = { operators: [], problems: [], files: [] };
  const load = (standIns: true | 'other') => loadAgain([file], none, { env: noted, readFile, standIns, given: {} });
  const {
    operators: [one],
    problems,
  } = await load(true);
  // What has a mistake has it with other stand-ins, too.
  const other = one && (await load('other')).operators[0];
  return { problems, asked, ...(one !== undefined && other !== undefined && { operators: [one, other] }) };
}

function nothingRead(): never {
  throw new Error('it is not read here');
}

function explained(
  { operators, problems }: Staged,
  sample: SampleRequest,
  reply: Played['reply'],
  now: number,
): Explanation {
  if (operators === undefined)
    return { because: problems.filter(isError).map(formatProblem)[0] ?? 'the file cannot be shown' };
  const [one, other] = operators;
  const withMarks = (operator: CompiledOperator, standIns: true | 'other'): Explanation =>
    explainCalls(operator, sample, reply, secretMarks(operator, {}, standIns, nothingRead), now);
  return markStandIns(withMarks(one, true), withMarks(other, 'other'));
}

/** What the other version would read and the one in use does not. */
function unreadOf(inUse: Staged, other: Staged): string[] {
  const secretsOf = ({ operators }: Staged) => Object.entries(operators?.[0].file.secrets ?? {});
  const sources = new Set(secretsOf(inUse).map(([, secret]) => sourceOf(secret)));
  return [
    ...[...other.asked].filter((name) => !inUse.asked.has(name)).map(variableCalled),
    ...secretsOf(other).flatMap(([name, secret]) => (sources.has(sourceOf(secret)) ? [] : [`the secret ${name}`])),
  ];
}
