// A Sentinel set, and a Cluster of three masters with a replica each: real processes on loopback, small, and
// gone with the suite.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../src/demo/processes.js';
import { until } from './until.js';

/** One server, which may be killed and started again on its data. */
export interface RedisNode {
  readonly port: number;
  readonly client: Redis;
  readonly pid: number;
  kill9(): Promise<void>;
  restart(): Promise<void>;
}

export interface RedisSet {
  readonly url: string;
  readonly nodes: readonly RedisNode[];
  stop(): Promise<void>;
}

/** Milliseconds after which a node counts as gone: more than a busy machine keeps one waiting. */
const goneAfter = 1_500;

const smallest = {
  bind: '127.0.0.1',
  save: '',
  appendonly: 'yes',
  appendfsync: 'everysec',
  maxmemory: '64mb',
  'maxmemory-policy': 'noeviction',
  'repl-diskless-sync': 'yes',
  'repl-diskless-sync-delay': '0',
  'repl-backlog-size': '1mb',
};

const linesOf = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`)
    .join('');

/** A run that is aborted must not leave a server behind. */
const running = new Set<() => void>();
process.once('exit', () => running.forEach((end) => end()));

async function startNode(
  dir: string,
  options: Readonly<Record<string, string>>,
  asSentinel = false,
): Promise<RedisNode> {
  const port = Number(options['port']);
  await mkdir(dir);
  const file = join(dir, 'redis.conf');
  await writeFile(file, linesOf({ ...options, dir }));
  const start = (): ChildProcess =>
    spawn('redis-server', [file, ...(asSentinel ? ['--sentinel'] : [])], { stdio: 'ignore' });
  let server = start();
  running.add(() => void server.kill('SIGKILL'));
  const client = new Redis({
    host: '127.0.0.1',
    port,
    protocol: 2,
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
  });
  client.on('error', () => undefined);
  await until(`the server on port ${port} answers`, () =>
    client.ping().then(
      () => true,
      () => false,
    ),
  );
  return {
    port,
    client,
    get pid() {
      return server.pid ?? 0;
    },
    async kill9() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGCONT');
      server.kill('SIGKILL');
      await gone;
    },
    async restart() {
      server = start();
      await until(`the server on port ${port} answers again`, () =>
        client.ping().then(
          () => true,
          () => false,
        ),
      );
    },
  };
}

async function stopAll(nodes: readonly RedisNode[], dir: string): Promise<void> {
  for (const { client } of nodes) client.disconnect();
  await Promise.all(nodes.map((node) => node.kill9()));
  await rm(dir, { recursive: true, force: true });
}

/** A master with so many replicas, and three Sentinels that watch it. */
export async function startSentinelSet(replicas = 2): Promise<RedisSet & { readonly sentinels: readonly RedisNode[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'wallet-bridge-sentinel-'));
  const ports = await freePorts(replicas + 4);
  const [first = 0] = ports;
  const nodes: RedisNode[] = [];
  for (const port of ports.slice(0, replicas + 1))
    nodes.push(
      await startNode(join(dir, String(port)), {
        ...smallest,
        port: String(port),
        ...(port !== first && { replicaof: `127.0.0.1 ${first}` }),
      }),
    );
  const sentinels = await Promise.all(
    ports.slice(replicas + 1).map((port) =>
      startNode(
        join(dir, String(port)),
        {
          ...{ bind: '127.0.0.1', port: String(port), 'sentinel monitor': `mymaster 127.0.0.1 ${first} 2` },
          'sentinel down-after-milliseconds': `mymaster ${goneAfter}`,
          'sentinel failover-timeout': 'mymaster 6000',
          'sentinel parallel-syncs': 'mymaster 2',
        },
        true,
      ),
    ),
  );
  for (const { client } of sentinels)
    await until('each Sentinel knows all', async () => {
      const facts = String(await client.call('INFO', 'sentinel'));
      return facts.includes(`slaves=${replicas}`) && facts.includes('sentinels=3');
    });
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join();
  return {
    url: `redis+sentinel://${hosts}/mymaster`,
    nodes,
    sentinels,
    stop: () => stopAll([...sentinels, ...nodes], dir),
  };
}

/** Three masters with a replica each; nodes 3 to 5 follow 0 to 2. */
export async function startCluster(): Promise<RedisSet> {
  const dir = await mkdtemp(join(tmpdir(), 'wallet-bridge-cluster-'));
  const ports = await freePorts(12);
  const nodes: RedisNode[] = [];
  for (let i = 0; i < 6; i++) {
    const port = String(ports[i]);
    nodes.push(
      await startNode(join(dir, port), {
        ...smallest,
        ...{
          port,
          'cluster-enabled': 'yes',
          'cluster-config-file': 'nodes.conf',
          'cluster-port': String(ports[i + 6]),
        },
        'cluster-node-timeout': String(goneAfter),
        'cluster-replica-validity-factor': '0',
      }),
    );
  }
  const third = Math.ceil(16384 / 3);
  const ids = await Promise.all(nodes.map(({ client }) => client.cluster('MYID')));
  for (const [i, { client }] of nodes.entries()) {
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
    if (i < 3)
      await client.call('CLUSTER', 'ADDSLOTSRANGE', String(i * third), String(Math.min((i + 1) * third, 16384) - 1));
    if (i > 0) await client.call('CLUSTER', 'MEET', '127.0.0.1', String(ports[0]), String(ports[6]));
  }
  for (const { client } of nodes)
    await until('each node knows all', async () => (await client.cluster('INFO')).includes('cluster_known_nodes:6'));
  for (const [i, { client }] of nodes.entries())
    if (i >= 3)
      await until('a replica follows', () =>
        client.call('CLUSTER', 'REPLICATE', ids[i - 3] ?? '').then(
          () => true,
          () => false,
        ),
      );
  for (const { client } of nodes)
    await until('the Cluster is whole', async () => {
      const shown = String(await client.cluster('NODES'));
      return (await client.cluster('INFO')).includes('cluster_state:ok') && shown.split('slave').length === 4;
    });
  for (const { client } of nodes.slice(3))
    await until('a replica is in step', async () =>
      (await client.info('replication')).includes('master_link_status:up'),
    );
  const hosts = ports.slice(0, 3).map((port) => `127.0.0.1:${port}`);
  return { url: `redis+cluster://${hosts.join()}`, nodes, stop: () => stopAll(nodes, dir) };
}

async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await freePort());
  return [...found];
}
