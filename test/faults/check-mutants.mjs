// Why: shows that the harness finds what it must: each planted mistake ends its run with exit code 1 and
// names transactions. Never: takes a run that could not be finished for a mistake that was found.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutantCalled, MUTANTS } from './mutants.mjs';
import { SPARABLE } from './plan.mjs';

const TRANSACTIONS = 120;
const program = fileURLToPath(new URL('faults.mjs', import.meta.url));
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(MUTANTS);

let missed = 0;
for (const name of names) {
  const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-mutant-'));
  const { transactions = TRANSACTIONS, needs = [], options = [] } = mutantCalled(name);
  // Found by what is aimed at it, not by what another rule lost would be found by.
  const spared = SPARABLE.filter((fault) => !needs.includes(fault)).flatMap((fault) => ['--without', fault]);
  const args = [
    program,
    '--dir',
    directory,
    '--mutant',
    name,
    '--transactions',
    `${transactions}`,
    ...spared,
    ...options,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--seed', 'mutants'], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  rmSync(directory, { recursive: true });
  const findings = stdout.split('\n').filter((line) => /^WRONG {2}\S+ \S*[0-9a-f]{32}: /.test(line));
  const caught = status === 1 && findings.length > 0;
  if (!caught) missed += 1;
  console.log(
    `${caught ? 'caught' : 'MISSED'}  ${name}: ${findings.length} findings${caught ? `, such as: ${findings[0]}` : `\n${stdout}${stderr}`}`,
  );
}
console.log(`${names.length - missed} of ${names.length} planted mistakes caught`);
process.exit(missed === 0 ? 0 : 1);
