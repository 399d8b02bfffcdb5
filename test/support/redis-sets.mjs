// A Sentinel set, and a Cluster of three masters with a replica each: real processes on loopback, small, and
// gone with whoever started them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, Redis } from 'ioredis';
import { Child, freePorts, takesConnections } from './children.mjs';
import { until } from './until.mjs';

/**
 * `ports`: where its clients connect. `serving`: which node has a key by now, as those that run and do not
 * stand still say; undefined where none of them has it.
 * @typedef {object} RedisSet
 * @property {string} url
 * @property {readonly RedisNode[]} nodes
 * @property {readonly RedisNode[]} [sentinels]
 * @property {readonly number[]} ports
 * @property {() => Promise<(key: string) => RedisNode | undefined>} serving
 * @property {() => Promise<void>} stop
 */

/** Milliseconds after which a node counts as gone: more than a busy machine keeps one waiting. */
const GONE_AFTER_MS = 1_500;
const ANSWERS_WITHIN_MS = 500;

const SMALLEST = {
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

/** @param {Readonly<Record<string, string>>} options */
const linesOf = (options) =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`)
    .join('');

/** One server, which may be killed and started again on its data; its client waits for it meanwhile. */
export class RedisNode extends Child {
  /**
   * @param {string} parent where its directory is made
   * @param {Readonly<Record<string, string>> & { port: string }} options
   * @param {boolean} [asSentinel]
   */
  constructor(parent, options, asSentinel = false) {
    const port = Number(options.port);
    const dir = join(parent, options.port);
    mkdirSync(dir, { recursive: true });
    const file = join(dir, 'redis.conf');
    const client = new Redis({
      ...{ host: '127.0.0.1', port, protocol: 2, retryStrategy: () => 50, maxRetriesPerRequest: null },
    });
    client.on('error', () => undefined);
    super(`redis on port ${port}`, ['redis-server', file, ...(asSentinel ? ['--sentinel'] : [])], {
      logFile: join(dir, 'redis.log'),
      isReady: async () =>
        (await takesConnections(port)) &&
        client.ping().then(
          () => true,
          () => false,
        ),
    });
    this.port = port;
    this.client = client;
    this.dir = dir;
    this.configure(options);
  }

  /**
   * From its next start on.
   * @param {Readonly<Record<string, string>>} options all there are
   */
  configure(options) {
    writeFileSync(join(this.dir, 'redis.conf'), linesOf({ ...options, dir: this.dir }));
  }

  /** Can be asked, and answers. */
  get isAtWork() {
    return this.isRunning && !this.isPaused;
  }
}

/**
 * Where a set's data is: in a directory of its own that goes with it, or in one that somebody keeps.
 * @param {string | undefined} kept
 */
function placeFor(kept) {
  const dir = kept ?? mkdtempSync(join(tmpdir(), 'wallet-bridge-redis-'));
  /** @param {readonly RedisNode[]} nodes */
  const stopAll = async (nodes) => {
    for (const { client } of nodes) client.disconnect();
    await Promise.all(nodes.map((node) => node.kill9()));
    if (kept === undefined) rmSync(dir, { recursive: true, force: true });
  };
  return { dir, stopAll };
}

/**
 * A master with so many replicas, and three Sentinels that watch it. `kept`: the directory its data stays in.
 * @param {number} [replicas]
 * @param {string} [kept]
 * @returns {Promise<RedisSet & { readonly sentinels: readonly RedisNode[] }>}
 */
export async function startSentinelSet(replicas = 2, kept) {
  const { dir, stopAll } = placeFor(kept);
  const ports = await freePorts(replicas + 4);
  const [first = 0] = ports;
  const nodes = ports.slice(0, replicas + 1).map(
    (port) =>
      new RedisNode(dir, {
        ...{ ...SMALLEST, port: String(port) },
        ...(port !== first && { replicaof: `127.0.0.1 ${first}` }),
      }),
  );
  for (const node of nodes) await node.start();
  const sentinels = ports.slice(replicas + 1).map(
    (port) =>
      new RedisNode(
        dir,
        {
          ...{ bind: '127.0.0.1', port: String(port), 'sentinel monitor': `mymaster 127.0.0.1 ${first} 2` },
          'sentinel down-after-milliseconds': `mymaster ${GONE_AFTER_MS}`,
          'sentinel failover-timeout': 'mymaster 6000',
          'sentinel parallel-syncs': 'mymaster 2',
        },
        true,
      ),
  );
  await Promise.all(sentinels.map((sentinel) => sentinel.start()));
  for (const { client } of sentinels)
    await until('each Sentinel knows all', async () => {
      const facts = String(await client.call('INFO', 'sentinel'));
      return facts.includes(`slaves=${replicas}`) && facts.includes('sentinels=3');
    });
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join();
  return {
    url: `redis+sentinel://${hosts}/mymaster`,
    ...{ nodes, sentinels, ports },
    async serving() {
      const words = await Promise.all(sentinels.map(namedBy));
      const newest = words.reduce((one, other) => (other.epoch > one.epoch ? other : one));
      const master = nodes.find(({ port }) => port === newest.port);
      return () => (master?.isAtWork ? master : undefined);
    },
    stop: () => stopAll([...sentinels, ...nodes]),
  };
}

/**
 * Which master a Sentinel names, and how new that word is: not all of them hear of a failover at once.
 * @param {RedisNode} sentinel
 */
async function namedBy({ client }) {
  const [address, facts] = await Promise.all([
    client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster'),
    client.call('SENTINEL', 'MASTER', 'mymaster'),
  ]);
  const [, port] = Array.isArray(address) ? address : [];
  const flat = Array.isArray(facts) ? facts : [];
  return { port: Number(port), epoch: Number(flat[flat.indexOf('config-epoch') + 1]) };
}

/**
 * Three masters with a replica each; nodes 3 to 5 follow 0 to 2. `kept`: the directory their data stays in.
 * @param {string} [kept]
 * @returns {Promise<RedisSet>}
 */
export async function startCluster(kept) {
  const { dir, stopAll } = placeFor(kept);
  const ports = await freePorts(12);
  const nodes = ports.slice(0, 6).map(
    (port, i) =>
      new RedisNode(dir, {
        ...SMALLEST,
        ...{
          port: String(port),
          'cluster-enabled': 'yes',
          'cluster-config-file': 'nodes.conf',
          'cluster-port': String(ports[i + 6]),
        },
        'cluster-node-timeout': String(GONE_AFTER_MS),
        'cluster-replica-validity-factor': '0',
      }),
  );
  for (const node of nodes) await node.start();
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
  const hosts = nodes.slice(0, 3).map(({ port }) => `127.0.0.1:${port}`);
  return {
    url: `redis+cluster://${hosts.join()}`,
    nodes,
    ports: nodes.map(({ port }) => port),
    async serving() {
      const claims = (await Promise.all(nodes.filter((node) => node.isAtWork).map(claimOf))).flat();
      return (key) => {
        const slot = slotOf(key);
        const [newest] = claims
          .filter(({ from, to }) => from <= slot && slot <= to)
          .sort((one, other) => other.epoch - one.epoch);
        return newest?.node.isAtWork ? newest.node : undefined;
      };
    },
    stop: () => stopAll(nodes),
  };
}

/** @param {string} key */
function slotOf(key) {
  const slot = new Command('get', [key]).getSlot();
  if (slot === null) throw new Error('a key has a slot');
  return slot;
}

/**
 * What a node says it serves itself, and how new that is: one that was replaced while it stood still says so
 * yet.
 * @param {RedisNode} node
 */
async function claimOf(node) {
  // One that is killed while it is asked says nothing.
  const said = await Promise.race([node.client.cluster('NODES'), pause(ANSWERS_WITHIN_MS, '', { ref: false })]);
  const lines = String(said).split('\n');
  const words = lines.find((line) => line.includes('myself'))?.split(' ') ?? [];
  const [, , flags = '', , , , epoch, , ...ranges] = words;
  if (!flags.includes('master')) return [];
  // "[93->-id]" is a slot that is on its way; it is among the others as well.
  return ranges
    .filter((range) => !range.startsWith('['))
    .map((range) => {
      const [from, to = from] = range.split('-').map(Number);
      return { node, epoch: Number(epoch), from: from ?? -1, to: to ?? -1 };
    });
}
