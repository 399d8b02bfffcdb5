// The rehearsal of one operator file.

import { isError, loadOperators } from '../../operators/load.js';
import { formatProblem } from '../../yaml/diagnostics.js';
import { printLine } from '../print.js';

export interface RehearsalOptions {
  readonly agent?: string;
}

export function rehearse(file: string, { agent: _agent }: RehearsalOptions): Promise<0 | 1 | 2> {
  const { operators, problems } = loadOperators([file], { standIns: true });
  problems.filter(isError).map(formatProblem).forEach(printLine);
  return Promise.resolve(operators.length === 1 ? 0 : 2);
}
