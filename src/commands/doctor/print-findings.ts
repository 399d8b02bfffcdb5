// What doctor found, as lines for people or as one for programs.

import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import type { Finding } from './finding.js';

export function printFindings(findings: readonly Finding[], format: Format): Printed {
  const width = Math.max(...findings.map(({ about }) => about.length));
  const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length;
  const lines = findings.map(({ level, about, says }) => `${level.padEnd(4)}  ${about.padEnd(width)}  ${says}`);
  return {
    lines:
      format === 'json'
        ? [JSON.stringify({ findings })]
        : [...lines, `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} wrong`],
    exitCode: count('fail') > 0 ? 1 : 0,
  };
}
