// Why: what is checked of the pack is checked by a real Prometheus: its own words on the rules, and its answers to
// every query. Where this is Debian and we are root it is installed, else the reader is told how.
// Never: listens beyond this machine, or outlives whoever started it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, start, untilListening } from '../bench/processes.mjs';

/** @param {string} name */
export const inPack = (name) => fileURLToPath(new URL(`../../config/monitoring/${name}`, import.meta.url));

/** @param {string} program @param {string[]} args */
const runs = (program, args, quiet = true) =>
  spawnSync(program, args, {
    stdio: quiet ? 'ignore' : 'inherit',
    // RUNLEVEL=1 keeps the package from starting a server of its own.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  }).status === 0;

export function ensurePrometheus() {
  if (runs('promtool', ['--version'])) return;
  if (process.getuid?.() === 0 && runs('apt-get', ['--version'])) {
    console.log('prometheus is missing: installing it with apt-get ...');
    const packages = ['-qq', 'install', '-y', '--no-install-recommends', 'prometheus'];
    if (runs('apt-get', ['-qq', 'update'], false) && runs('apt-get', packages, false)) return;
  }
  throw new Error(
    'prometheus and promtool are needed on the PATH: "apt-get install prometheus" (Debian, Ubuntu), "brew install prometheus" (macOS), or see https://prometheus.io/download',
  );
}

/** What promtool says of the pack, as it says it. */
export function askPromtool() {
  for (const args of [
    ['check', 'config', '--syntax-only', inPack('prometheus.yml')],
    ['check', 'rules', inPack('rules.yml')],
    ['test', 'rules', inPack('rules.test.yml')],
  ])
    if (!runs('promtool', args, false)) throw new Error(`promtool ${args.slice(0, 2).join(' ')} found something`);
}

/** @typedef {{ metric: Record<string, string>, value: [number, string] }} Sample */

/**
 * A Prometheus that asks one bridge every second, with the pack's rules.
 * @param {string} directory @param {number} adminPort
 */
export async function startPrometheus(directory, adminPort) {
  const config = join(directory, 'prometheus.yml');
  const target = `127.0.0.1:${String(adminPort)}`;
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [inPack('rules.yml')],
      scrape_configs: [{ job_name: 'wallet-bridge', static_configs: [{ targets: [target] }] }],
    }),
  );
  const port = await freePort();
  const options = [`--config.file=${config}`, `--storage.tsdb.path=${join(directory, 'prometheus')}`];
  const listens = [`--web.listen-address=127.0.0.1:${String(port)}`, '--enable-feature=exemplar-storage'];
  const child = start('other', ['prometheus', ...options, ...listens], { logFile: join(directory, 'prometheus.log') });
  await untilListening(child, port, 'prometheus');

  /** @template T @param {string} path @param {Record<string, string>} asked @returns {Promise<T>} */
  async function ask(path, asked) {
    const reply = await fetch(`http://127.0.0.1:${String(port)}/api/v1/${path}?${String(new URLSearchParams(asked))}`);
    /** @type {{ status: string, error?: string, data: T }} */
    const { status, error, data } = JSON.parse(await reply.text());
    if (status !== 'success') throw new Error(`${path}: ${error ?? status}`);
    return data;
  }
  return {
    /** @param {string} query */
    async query(query) {
      /** @type {{ result: Sample[] }} */
      const { result } = await ask('query', { query });
      return result;
    },
    /** @param {string} query @returns {Promise<object[]>} */
    exemplars: (query) =>
      ask('query_exemplars', { query, start: String(Date.now() / 1000 - 600), end: String(Date.now() / 1000) }),
    /** The names of the alerts that fire. */
    firing: async () => {
      /** @type {{ alerts: { state: string, labels: Record<string, string> }[] }} */
      const { alerts } = await ask('alerts', {});
      return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname'] ?? '');
    },
  };
}

/** @param {string} what @param {number} most milliseconds @param {() => Promise<boolean>} isSo */
export async function until(what, most, isSo) {
  const began = performance.now();
  while (!(await isSo())) {
    if (performance.now() - began > most) throw new Error(`${what}: not within ${String(most / 1000)} s`);
    await pause(500);
  }
  return Math.round((performance.now() - began) / 1000);
}
