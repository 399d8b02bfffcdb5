// What befalls a Sentinel set or a Cluster: replicas fall behind, slots move; and who is who in it by now.
/** @import { RedisNode, RedisSet } from './redis-sets.mjs' */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @typedef {Pick<RedisSet, 'nodes'>} Nodes */

/** @param {RedisNode} node */
export async function roleOf({ client }) {
  const [role] = await client.role();
  return String(role);
}

/** @param {Nodes} set */
export async function inStep({ nodes }) {
  const all = await Promise.all(nodes.map(({ client }) => client.info('replication')));
  return all.every((facts) => facts.includes('role:master') || facts.includes('master_link_status:up'));
}

/** @param {Nodes} set */
export async function mastersOf({ nodes }) {
  const roles = await Promise.all(nodes.map(roleOf));
  return nodes.filter((_, i) => roles[i] === 'master');
}

/**
 * One that has replicas.
 * @param {Nodes} set
 */
export async function masterOf({ nodes }) {
  for (const node of await mastersOf({ nodes })) if ((await replicasOf({ nodes }, node)).length > 0) return node;
  throw new Error('no master has a replica');
}

/** @param {Nodes} set @param {RedisNode} one */
export async function otherMaster(set, one) {
  const other = (await mastersOf(set)).find((node) => node !== one);
  if (other === undefined) throw new Error('there is one master only');
  return other;
}

/** @param {Nodes} set @param {RedisNode} master */
export async function replicasOf({ nodes }, master) {
  const [, , followers] = await master.client.role();
  const ports = Array.isArray(followers) ? followers.map(([, port = 0]) => Number(port)) : [];
  return nodes.filter(({ port }) => ports.includes(port));
}

/**
 * From now on they get nothing of what the master writes, and where there are others they take its place
 * first. They can come back to a master that is no more, but not to this one.
 * @param {RedisNode} master
 * @param {readonly RedisNode[]} followers
 */
export async function fallBehind(master, followers) {
  await master.client.call('ACL', 'SETUSER', 'default', '-psync', '-sync');
  for (const { client } of followers) {
    await client.config('SET', 'replica-priority', '1');
    await client.call('CLIENT', 'KILL', 'TYPE', 'master');
  }
}

/**
 * Ends that: a node that comes back may have what it was told before.
 * @param {Nodes} set
 */
export async function keepUp({ nodes }) {
  for (const { client } of nodes) {
    await client.config('SET', 'replica-priority', '100');
    await client.call('ACL', 'SETUSER', 'default', '+psync', '+sync');
  }
}

/**
 * Moves so many slots of a Cluster to another master, with all they hold.
 * @param {RedisNode} from
 * @param {RedisNode} to
 * @param {number} count
 */
export async function moveSlots(from, to, count) {
  const [fromID, toID] = await Promise.all([from, to].map(({ client }) => client.cluster('MYID')));
  const moves = spawn(
    'redis-cli',
    [
      ...['--cluster', 'reshard', `127.0.0.1:${from.port}`, '--cluster-from', String(fromID)],
      ...['--cluster-to', String(toID), '--cluster-slots', String(count), '--cluster-yes'],
    ],
    { stdio: 'ignore' },
  );
  const [code] = await once(moves, 'exit');
  if (code !== 0) throw new Error(`redis-cli moved nothing: it ended with ${code}`);
}
