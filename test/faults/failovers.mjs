// Why: what befalls a Sentinel set or a Cluster under load: its master dies or stands still, with all its
// writes on a replica or not; another takes its place because somebody says so; slots move. Never: breaks a
// set that is not whole yet, or leaves one that is not.
/** @import { RedisNode } from '../support/redis-sets.mjs' */
/** @import { Asker } from './asker.mjs' */
/** @import { createGate } from './gate.mjs' */
/** @import { Guard, Stop } from './guard.mjs' */
/** @import { Inflict, Inflicted } from './injector.mjs' */
/** @import { JournalView } from './journal-view.mjs' */
/** @import { FailoverName } from './plan.mjs' */
/** @import { Stage } from './stage.mjs' */
import { setTimeout as pause } from 'node:timers/promises';
import { fallBehind, inStep, keepUp, mastersOf, moveSlots, replicasOf } from '../support/break-redis-sets.mjs';
import { until } from '../support/until.mjs';

/** Sentinels that a busy machine held up trust nothing they see for half a minute. */
const PATIENCE_MS = 100_000;
const LOOKS_EVERY_MS = 50;

/**
 * `tags`: the buckets it befell; `tookMs`: until another node had them; `answered`: until a callback there was.
 * @typedef {{
 *   at: number, what: string, isBehind: boolean, tags: readonly string[], tookMs: number,
 *   answered: Promise<number | undefined>, stop?: Stop | undefined
 * }} Failover
 */

/**
 * `waitsFor`: for how many replicas each write of the bridge waits.
 * @param {Stage} stage
 * @param {{ journal: JournalView, guard: Guard, gate: ReturnType<typeof createGate>, asker: Asker, waitsFor: number }} by
 */
export function createFailovers(stage, { journal, guard, gate, asker, waitsFor }) {
  const { set } = stage;
  /** @type {Failover[]} */
  const done = [];
  const isSentinelSet = set.sentinels !== undefined;

  /** @param {RedisNode} node */
  const tagsAt = async (node) => (await journal.spread()).filter((one) => one.node === node).map(({ tag }) => tag);
  /** @param {string} what @param {() => Promise<boolean>} holds */
  const wait = (what, holds) =>
    until(
      what,
      async () => {
        await pause(LOOKS_EVERY_MS);
        return holds();
      },
      PATIENCE_MS,
    );
  let masters = 0;
  /** Whoever was replaced follows who took its place, and each replica has all there is. */
  async function whole() {
    masters ||= (await mastersOf(set)).length;
    await keepUp(set);
    await wait('each replica is in step', async () => (await mastersOf(set)).length === masters && (await inStep(set)));
  }
  async function someMaster(pick = 0) {
    const all = await mastersOf(set);
    const found = all[pick % all.length];
    if (found === undefined) throw new Error('there is no master');
    return found;
  }
  /** The masters that have most and least: one that gave all away would follow another. */
  async function unlike() {
    const all = await Promise.all((await mastersOf(set)).map(async (node) => ({ node, tags: await tagsAt(node) })));
    const [first, ...others] = all.sort((one, other) => other.tags.length - one.tags.length);
    const last = others.at(-1);
    if (first === undefined || last === undefined) throw new Error('slots move from one master to another');
    return { from: first.node, before: first.tags, to: last.node };
  }

  /**
   * What was lost, if anything, is found out and settled, while no replica is killed or cut off.
   * @param {Inflicted} fault
   * @param {() => Promise<Failover>} act
   */
  async function recorded(fault, act) {
    const settled = async () => {
      const failover = await act();
      done.push({ ...failover, stop: await guard.settle() });
    };
    const mayLose = fault.behind === true || waitsFor === 0 || (fault.what === 'replica-promoted' && isSentinelSet);
    if (mayLose) await gate.alone(settled);
    else {
      const failover = await act();
      done.push({ ...failover, stop: (await guard.isCalled()) ? await gate.alone(() => guard.settle()) : undefined });
    }
    await whole();
  }

  /**
   * @param {Inflicted} fault
   * @param {(master: RedisNode, followers: readonly RedisNode[]) => Promise<(() => Promise<void>) | undefined>} begin
   */
  async function failOver(fault, begin) {
    const master = await someMaster(fault.pick);
    const followers = await replicasOf(set, master);
    const tags = await tagsAt(master);
    const isBehind = fault.behind === true;
    if (isBehind) {
      // Where a write waits for one of two, only the other can lack it.
      await fallBehind(master, waitsFor < followers.length ? followers.slice(waitsFor) : followers);
      await pause(fault.by);
    }
    const at = Date.now();
    const end = await begin(master, followers);
    await wait('another node takes its place', async () => {
      const nodes = (await journal.spread()).filter(({ tag }) => tags.includes(tag)).map(({ node }) => node);
      return nodes.every((node) => node !== undefined && node !== master);
    });
    const tookMs = Date.now() - at;
    // Only now: who is replaced by a person goes on answering until then.
    const answered = asker.answeredAfter(tags, at);
    await pause(fault.ms);
    await end?.();
    return { at, what: fault.what, isBehind, tags, tookMs, answered };
  }

  /** @param {(fault: Inflicted) => Promise<Failover>} act @returns {Inflict} */
  const inflict = (act) => async (fault) => {
    await whole();
    if (fault.behind !== undefined) fault.how = fault.behind ? 'behind' : 'in-step';
    await recorded(fault, () => act(fault));
    return () => undefined;
  };

  /** @type {Record<FailoverName, Inflict>} */
  const carryOut = {
    'master-killed': inflict((fault) =>
      failOver(fault, async (master) => {
        await master.kill9();
        return () => master.start();
      }),
    ),
    'master-stopped': inflict((fault) =>
      failOver(fault, async (master) => {
        master.freeze();
        return async () => master.thaw();
      }),
    ),
    'replica-promoted': inflict((fault) =>
      failOver(fault, async (_master, [replica]) => {
        const sentinel = set.sentinels?.[0];
        const asked = () =>
          sentinel === undefined
            ? replica?.client.cluster('FAILOVER')
            : sentinel.client.call('SENTINEL', 'FAILOVER', 'mymaster');
        await wait('a replica is to take its place', async () => Promise.resolve(asked()).then(Boolean, () => false));
        return undefined;
      }),
    ),
    'slots-moved': inflict(async ({ what, by }) => {
      const { from, before, to } = await unlike();
      const at = Date.now();
      await moveSlots(from, to, by ?? 0);
      const left = await tagsAt(from);
      const tags = before.filter((tag) => !left.includes(tag));
      const answered = asker.answeredAfter(tags, at);
      return { at, what, isBehind: false, tags, tookMs: Date.now() - at, answered };
    }),
  };
  return { carryOut, done };
}
