// What is wrong with an operator file, and where. Everything that checks a file reports here, so that all of
// it reaches the engineer in one run. A message never repeats a value of the file: it may be a secret in the
// wrong place.

import { find, type Mistake, type Path, type Position, type Tree } from './tree.js';

type Severity = 'error' | 'warning';
export interface Problem {
  readonly severity: Severity;
  readonly file: string;
  readonly line: number;
  readonly col: number;
  /**
   * Keys from the top of the file, as `operations.withdraw.errors[0].when`; empty for the file as a whole.
   */
  readonly path: string;
  readonly message: string;
}

interface Detail {
  readonly severity?: Severity;
  /** The culprit's place within the text at that path. */
  readonly offset?: number;
  /** Point at the key instead of its value. */
  readonly key?: true;
}
/**
 * Notes what is wrong at a path. The same said of the same place counts once, as when a common rule is
 * compiled for every operation.
 */
export type Report = (path: Path, message: string, detail?: Detail) => void;

/** `file:line:col path: what, and what was expected`. */
export function formatProblem({ severity, file, line, col, path, message }: Problem): string {
  const where = `${file}:${line}:${col}${path === '' ? '' : ` ${path}`}`;
  return `${where}: ${severity === 'warning' ? 'warning: ' : ''}${message}`;
}

/** Problems of one file: `report` adds to `problems`. */
export function problemsOf(
  file: string,
  tree: Tree | undefined,
  mistakes: readonly Mistake[],
): { report: Report; problems: Problem[] } {
  const found = new Set<string>();
  const problems: Problem[] = [];
  const add = (path: Path, at: Position, message: string, severity: Severity) => {
    const identity = `${at.file ?? ''}:${at.line}:${at.col} ${message}`;
    if (found.has(identity)) return;
    found.add(identity);
    problems.push({ severity, file: at.file ?? file, line: at.line, col: at.col, path: pathText(path), message });
  };
  for (const { path, at, message } of mistakes) add(path, at, message, 'error');
  // Where the YAML itself is wrong nobody knows what was meant, so nothing more is said of it.
  const unread = new Set(mistakes.map(({ path, at }) => `${at.line}:${at.col} ${pathText(path)}`));
  const report: Report = (path, message, detail = {}) => {
    const at = positionOf(tree, path, detail);
    if (!unread.has(`${at.line}:${at.col} ${pathText(path)}`)) add(path, at, message, detail.severity ?? 'error');
  };
  return { report, problems };
}

function positionOf(tree: Tree | undefined, path: Path, { offset, key }: Detail): Position {
  const node = find(tree, path);
  if (node !== undefined && key) return node.keyAt;
  if (node?.kind === 'scalar' && offset !== undefined) return node.positionOf(offset);
  if (node !== undefined) return node.at;
  // What is missing is shown at the key it is missing under.
  for (let length = path.length - 1; length > 0; length--) {
    const above = find(tree, path.slice(0, length));
    if (above !== undefined) return above.keyAt;
  }
  return { line: 1, col: 1 };
}

export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
