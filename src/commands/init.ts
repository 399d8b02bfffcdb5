// `init`: writes the operator file a newcomer begins with. It never touches a file that is there.

import { existsSync, writeFileSync } from 'node:fs';
import { minorUnitDecimals } from '../domain/currency.js';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { fileText } from '../codecs/file-text.js';
import { isError, loadOperators } from '../operators/load.js';
import { formatProblem, type Problem } from '../yaml/diagnostics.js';
import { presetNames } from '../operators/presets.js';
import { didYouMean } from '../yaml/did-you-mean.js';
import { presetTitle, starterFile } from '../drafting/starter-file.js';
import { draftOf } from '../drafting/from-sample.js';
import { settled } from '../drafting/settle-draft.js';
import { readSample } from '../drafting/read-sample.js';
import type { Hints } from '../drafting/recognise.js';
import { runExamples } from './check/run-examples.js';
import { complain, print, type Printed } from './print.js';
import { readText } from './read-text.js';

export function declareInit(program: Command): void {
  program
    .command('init')
    .description(
      'write an operator file to begin with; exit code 0: done, 1: the file is there already, 2: cannot be written',
    )
    .argument('[file]', 'where; by default the operator’s name with .yaml')
    .option('--preset <name>', 'for a wallet the bridge knows, instead of a JSON wallet of your own')
    .option('--operator <name>', 'your short name; by default as the file is called')
    .option('--list', 'only list the presets', false)
    .option('--from-curl <sample>', 'from a request your vendor gave: a curl line or raw HTTP, with its reply below it')
    .option('--key <key>', 'with --from-curl: the sample’s signing key, to find out how it is signed; never a real one')
    .option('--currency <code>', 'with --from-curl: the currency of its amount; by default EUR')
    .option('--amount <amount>', 'with --from-curl: the amount in whole units, as 12.30')
    .option('--player <value>', 'with --from-curl: which value is the player')
    .option('--transaction <value>', 'with --from-curl: which value is the id of the transaction')
    .option('--round <value>', 'with --from-curl: which value is the round')
    .option('--game <value>', 'with --from-curl: which value is the game')
    .option('--session <value>', 'with --from-curl: which value is the player’s session')
    .action((file: string | undefined, { list, ...options }: Omit<InitOptions, 'file'> & { list: boolean }) => {
      const { fromCurl, preset, operator: _operator, ...ofSample } = options;
      const [alone] = Object.keys(ofSample);
      if (fromCurl === undefined && alone !== undefined)
        return complain([`--${alone} is for --from-curl; expected that with it, or neither`]);
      if (fromCurl !== undefined && (preset !== undefined || list))
        return complain([`--from-curl and --${list ? 'list' : 'preset'} do not go together; expected one of them`]);
      if (list) return print({ lines: listPresets(), exitCode: 0 });
      const asked = { ...options, ...(file === undefined ? {} : { file }) };
      return print(fromCurl === undefined ? runInit(asked) : runFromCurl({ ...asked, fromCurl }));
    });
}

export interface InitOptions extends Hints {
  /** A file with a vendor's request. */
  readonly fromCurl?: string;
  readonly key?: string;
  readonly currency?: string;
  readonly preset?: string;
  /** The operator's slug; without one, as the file is called. */
  readonly operator?: string;
  /** Where to write; without it, the operator's name with .yaml in this directory. */
  readonly file?: string;
}

/** Exit code 0: written; 1: there is such a file already; 2: it cannot be made or written. */
export function runInit({ preset, operator, file }: InitOptions): Printed {
  const names = presetNames();
  if (preset !== undefined && !names.includes(preset))
    return failed(`no preset "${preset}"${didYouMean(preset, names)}; expected one of ${names.join(', ')}`);
  const place = placeOf({ operator, file });
  if ('lines' in place) return place;
  const { name, path } = place;
  const text = starterFile({
    operator: name,
    schema: 'operator.schema.json',
    ...(preset === undefined ? {} : { preset }),
  });
  const variables = [...text.matchAll(/env: (\w+)/g)].map(([, variable]) => variable);
  return written(path, text, [
    `set ${variables.join(', ')}, put in what is yours, then: wallet-bridge check ${path}`,
    'help while you type, in editors that know the YAML language server: wallet-bridge schema > operator.schema.json, beside the file',
  ]);
}

/** Exit code 0: written; 1: there is such a file already; 2: the sample cannot be read, or the file not be written. */
export function runFromCurl({
  fromCurl,
  operator,
  file,
  key,
  currency = 'EUR',
  ...hints
}: InitOptions & { readonly fromCurl: string }): Printed {
  const place = placeOf({ operator, file });
  if ('lines' in place) return place;
  const { name, path } = place;
  if (minorUnitDecimals(currency) === undefined)
    return failed(`no currency of ISO 4217: "${currency}"; expected a code such as EUR`);
  const pasted = readText(fromCurl);
  if (typeof pasted !== 'string') return failed(`${fromCurl}: ${pasted.because}`);
  const { amount } = hints;
  if (amount !== undefined && !/^\d+(\.\d+)?$/.test(amount))
    return failed(`--amount ${amount}: no amount; expected whole units, such as 12.30`);
  const sample = readSample(pasted);
  if ('because' in sample) return failed(`${fromCurl}: ${sample.because}`);
  const draft = draftOf(sample, { operator: name, currency, hints, ...(key !== undefined && { key }) });
  if ('because' in draft) return failed(`${fromCurl}: ${draft.because}`);
  const { text, remarks, undone } = settled(draft, (one) => refusals(path, one));
  return written(path, text, [
    ...remarks,
    ...undone.map((problem) => `to be done, or check refuses the file: ${formatProblem(problem)}`),
    `read each line that has a mark behind #, then: wallet-bridge check ${path}`,
  ]);
}

/** What `check` would say is wrong with a file of this text, which is not written yet. */
function refusals(path: string, text: string): readonly Problem[] {
  const readFile = (file: string): string => (file === path ? text : fileText(file));
  return loadOperators([path], { env: {}, readFile, standIns: true, inspect: runExamples }).problems.filter(isError);
}

/** Each preset in one line, for `init --list`. */
export function listPresets(): string[] {
  const names = presetNames();
  const width = Math.max(...names.map(({ length }) => length));
  return names.map((name) => `${name.padEnd(width)}  ${presetTitle(name)}`);
}

/** What the operator is called and where its file goes, or why it cannot be called so. */
function placeOf({ operator, file }: { readonly operator: string | undefined; readonly file: string | undefined }) {
  const name = operator ?? (file === undefined ? 'my-wallet' : basename(file).replace(/\.ya?ml$/, ''));
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
    return failed(`no name for an operator: "${name}"; expected --operator with a-z, 0-9 and -, such as northstar`);
  return { name, path: file ?? `${name}.yaml` };
}

/** Writes a file that is not there yet, and says what to do next. */
function written(path: string, text: string, next: readonly string[]): Printed {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch {
    return existsSync(path)
      ? { lines: [`${path}: there already, and not overwritten`], exitCode: 1 }
      : failed(`${path}: cannot be written`);
  }
  return { lines: [`wrote ${path}`, ...next], exitCode: 0 };
}

const failed = (line: string): Printed => ({ lines: [line], exitCode: 2 });
