// The bridge's connection to Redis, and Redis' clock. Whatever the form, a bucket is served by one node at a
// time, and what is sent for it is sent to that node.
// Longer than other files, because one connection's states are one thing: what may leave depends on all of them.

import { setTimeout as pause } from 'node:timers/promises';
import { Cluster, Command, type Redis } from 'ioredis';
import { JournalUnavailable } from '../domain/ports.js';
import { buckets } from './keys.js';
import { runScript, type LuaScript, type Values } from './lua-script.js';
import { RedisClock } from './redis-clock.js';
import { timeIn } from './read-reply.js';
import { redisAddress } from './redis-address.js';
import { createClient, type Client, type RedisTls } from './redis-client.js';
import { isRefusal, lost, reasonOf, refusalCode, whyNot } from './redis-errors.js';

export type JournalCommand =
  | 'put'
  | 'wait'
  | 'get'
  | 'due'
  | 'postpone'
  | 'nextLook'
  | 'unfinished'
  | 'ofPlayer'
  | 'count'
  | 'scan'
  | 'lastBalance'
  | 'rememberBalance'
  | 'bindToNone'
  | 'recall'
  | 'keepSession'
  | 'renewSession'
  | 'replaceSession'
  | 'putSessionBack'
  | 'forgetSession'
  | 'keepSentWith'
  | 'keepBet'
  | 'forgetBet'
  | 'shared'
  | 'epoch'
  | 'adopt'
  | 'memory'
  | 'time';

export interface ConnectionOptions {
  readonly url: string;
  readonly tls?: RedisTls;
  /** Milliseconds after which a command counts as unanswered; it may still run later. */
  readonly commandTimeout?: number;
  /** Told of each round trip. */
  readonly onCommand?: (name: JournalCommand, ms: number, ok: boolean) => void;
  /** Told why the connection was lost or not made, in words without secrets. */
  readonly onTrouble?: (message: string) => void;
}

/** What forgets an idle connection, a NAT or a firewall, does so after a minute or more. */
const pingEvery = 10_000;
const looksEvery = 20;
const askedAgainAfter = 250;
/** What Redis says to everybody, for a while. */
const notYet: ReadonlySet<string> = new Set(['LOADING', 'BUSY']);

/** What a Cluster's map calls it. */
const nameOf = ({ options }: Redis): string => `${options.host}:${options.port}`;

/** Begins to connect at once and keeps at it until closed; never throws for a Redis that is away. */
export class RedisConnection {
  readonly client: Client;
  readonly isCluster: boolean;
  private readonly clock = new RedisClock();
  private readonly db: number;
  /** Why the connection was last lost or not made, in words without secrets. */
  trouble: string;
  private isTold = false;
  /** Redis answered that it will not serve us: there is nothing to wait for. */
  private isRefused = false;
  /** Connections Redis serves us on: the database is chosen, what it holds is loaded; and since when. */
  private readonly met = new WeakMap<Redis['stream'], number>();
  /** By a node's name: over what it was met first, and since when it is among those that take writes. */
  private readonly firstMet = new Map<string, Redis['stream']>();
  private readonly masterSince = new Map<string, number>();
  private readonly watched = new WeakSet<Redis>();
  private readonly gathering = new Set<Redis['stream']>();
  private readonly pinging: NodeJS.Timeout;

  /** Throws where the URL is not one of Redis; the message holds no part of it. */
  constructor(private readonly options: ConnectionOptions) {
    const { url, tls = {}, commandTimeout = 1000 } = options;
    const address = redisAddress(url);
    if ('problem' in address) throw new Error(`the URL of Redis: ${address.problem}`);
    this.isCluster = address.form === 'cluster';
    // The client takes a Cluster that lacks slots for none, and tells of no error.
    this.trouble = this.isCluster ? 'no whole Cluster' : 'no answer';
    this.db = address.form === 'cluster' ? 0 : address.db;
    this.client = createClient(address, tls, commandTimeout);
    this.client.on('error', (error: Error) => this.note(reasonOf(error)));
    if (this.client instanceof Cluster) {
      this.client.on('node error', (error: Error) => this.note(reasonOf(error)));
      this.client.on('+node', (node: Redis) => this.watch(node));
      this.client.on('refresh', () => this.noteMasters());
    } else this.watch(this.client);
    this.pinging = setInterval(() => this.ping(), pingEvery).unref();
  }

  private watch(node: Redis): void {
    if (this.watched.has(node)) return;
    this.watched.add(node);
    node.on('ready', () => void this.beginServing(node, node.stream));
    // TLS may tell of two errors of one socket. The client hears the first; the second would end the process.
    node.on('connect', () => node.stream.on('error', () => undefined));
  }

  /**
   * The client goes on in database 0 where it does not get the one it asked for, and takes a Redis that still
   * loads its data for a ready one: nothing may run on either.
   */
  private async beginServing(node: Redis, stream: Redis['stream']): Promise<void> {
    const isMeant = (): boolean => stream === node.stream && node.status === 'ready';
    let told = '';
    while (isMeant() && !this.met.has(stream))
      try {
        if (this.db !== 0) await node.select(this.db);
        await this.mustServe(node);
        if (!isMeant()) return;
        await this.learnClock(node);
        this.met.set(stream, performance.now());
        if (!this.firstMet.has(nameOf(node))) this.firstMet.set(nameOf(node), stream);
        this.isRefused = false;
      } catch (error) {
        // What is loaded, or a script that runs, has its end.
        this.isRefused = isRefusal(error) && !notYet.has(refusalCode(error) ?? '');
        const trouble = refusalCode(error) ?? (isRefusal(error) ? `no database ${this.db}` : reasonOf(error));
        // Once, however often it is asked again.
        if (trouble !== told) this.note(trouble);
        told = trouble;
        // A first answer that came too late says nothing of the connection, which stays as it is.
        await pause(askedAgainAfter, undefined, { ref: false });
      }
  }

  /** Rejects where Redis answers, but nobody: the key itself may be another node's. */
  private async mustServe(node: Redis): Promise<void> {
    await node.get(buckets[0]?.epoch ?? '').catch((error: unknown) => {
      if (!isRefusal(error) || notYet.has(refusalCode(error) ?? '')) throw error;
    });
  }

  private note(trouble: string): void {
    // That it was lost says less than why.
    if (trouble !== lost || !this.isTold) this.trouble = trouble;
    this.isTold = true;
    this.options.onTrouble?.(trouble);
  }

  /** Whether that node has the key, as far as is known. */
  serves(node: Redis, key: string): boolean {
    return !this.isCluster || this.masterOf(key) === node;
  }

  private masterOf(key: string): Redis | undefined {
    if (!(this.client instanceof Cluster)) return this.client;
    const [name] = this.client.slots[new Command('get', [key]).getSlot()] ?? [];
    return this.client.nodes('master').find((node) => nameOf(node) === name);
  }

  /** The nodes that take writes, as far as is known. */
  masters(): readonly Redis[] {
    return this.client instanceof Cluster ? this.client.nodes('master') : [this.client];
  }

  /**
   * The node that serves a key, once it is connected and its clock is known; undefined: none does now, and
   * the map of a Cluster is asked for again.
   */
  nodeOf(key: string): Redis | undefined {
    const node = this.masterOf(key);
    if (node !== undefined && this.isReady(node)) return node;
    // A Cluster's nodes are connected when they are first needed.
    if (node?.status === 'wait') node.connect().catch(() => undefined);
    this.mapAgain();
    return undefined;
  }

  /** Which node serves what, as far as is known: two that differ tell that slots moved. */
  map(): string {
    if (!(this.client instanceof Cluster)) return '';
    return this.client.slots.map(([master = '']) => master).join();
  }

  /** What a Cluster serves where may have changed. */
  mapAgain(): void {
    if (this.client instanceof Cluster) this.client.refreshSlotsCache();
  }

  private isReady(node: Redis): boolean {
    return node.status === 'ready' && node.stream.writable && this.met.has(node.stream);
  }

  /** A Cluster's map was read anew. */
  private noteMasters(): void {
    const names = this.masters().map(nameOf);
    for (const name of this.masterSince.keys()) if (!names.includes(name)) this.masterSince.delete(name);
    for (const name of names) this.masterSinceAt(name);
  }

  private masterSinceAt(name: string): number {
    const since = this.masterSince.get(name) ?? performance.now();
    this.masterSince.set(name, since);
    return since;
  }

  /**
   * Since when (monotonic ms) a node that takes writes does so, as far as is known, over the connection it has. A
   * replica that takes its master's place may have been connected long before.
   */
  servesSince(node: Redis): number {
    const met = this.met.get(node.stream) ?? -Infinity;
    return this.isCluster ? Math.max(met, this.masterSinceAt(nameOf(node))) : met;
  }

  /** It took writes at that instant already, and its connection is the first there was. */
  isAsFirstMet(node: Redis, at: number): boolean {
    if (this.firstMet.get(nameOf(node)) !== node.stream) return false;
    return !this.isCluster || this.masterSinceAt(nameOf(node)) <= at;
  }

  isReachable(): boolean {
    if (this.client instanceof Cluster) return this.client.status === 'ready';
    return this.isReady(this.client);
  }

  /** Waits at most that many milliseconds for what `find` finds. */
  async found<T>(find: () => T | undefined, within: number): Promise<T | undefined> {
    const until = performance.now() + within;
    for (let found = find(); ; found = find()) {
      if (found !== undefined || performance.now() >= until) return found;
      await pause(looksEvery);
    }
  }

  /** Waits at most that many milliseconds for Redis to be connected; returns whether it is. */
  async reachable(within: number): Promise<boolean> {
    const found = await this.found(() => (this.isReachable() ? true : this.isRefused ? false : undefined), within);
    return found ?? false;
  }

  /** Epoch ms by Redis' clock. */
  now(): number {
    return this.clock.now();
  }

  /** Redis read its clock between `sent` and now. */
  heardTime(time: number, sent: number): void {
    this.clock.heard(time, sent);
  }

  private async learnClock(node: Redis): Promise<void> {
    const sent = performance.now();
    try {
      this.heardTime(timeIn(await this.timed('time', () => node.time())), sent);
    } catch {
      // The next reply of any write tells the time too.
    }
  }

  /** A connection that was forgotten on the way is found out before a callback needs it. */
  private ping(): void {
    for (const node of this.masters()) if (node.status === 'ready') void this.learnClock(node);
  }

  /** Runs one command, and tells how long it took. Rejects with what ioredis says. */
  async timed<T>(name: JournalCommand, command: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let ok = false;
    try {
      this.gather();
      const reply = await command();
      ok = true;
      return reply;
    } finally {
      this.options.onCommand?.(name, performance.now() - started, ok);
    }
  }

  /**
   * Runs commands that change no record, so that their failure leaves no doubt; those of one turn leave
   * together. Rejects with JournalUnavailable.
   */
  async read<T>(name: JournalCommand, command: (client: Client) => Promise<T>): Promise<T> {
    if (!this.isReachable()) throw new JournalUnavailable('Redis is not connected', true);
    try {
      return await this.timed(name, () => command(this.client));
    } catch (error) {
      throw new JournalUnavailable(`Redis did not answer ${name}: ${whyNot(error)}`, true);
    }
  }

  /** The same for a script, which is sent whole where Redis does not know it yet. */
  run(name: JournalCommand, script: LuaScript, keys: readonly string[], values: Values): Promise<unknown> {
    return this.read(name, (client) => runScript(client, script, keys, values));
  }

  /** One script in many places, all at once: on a Cluster some may answer where others do not. Never rejects. */
  async runEach(
    name: JournalCommand,
    script: LuaScript,
    each: readonly { readonly keys: readonly string[]; readonly values: Values }[],
  ): Promise<readonly PromiseSettledResult<unknown>[]> {
    const rows: PromiseSettledResult<unknown>[] = [];
    const all = this.read(name, async (client) => {
      const runs = each.map(({ keys, values }) => runScript(client, script, keys, values));
      rows.push(...(await Promise.allSettled(runs)));
      for (const row of rows) if (row.status === 'rejected') throw row.reason;
    });
    const failed = await all.catch((error: unknown) => ({ status: 'rejected', reason: error }) as const);
    if (failed === undefined) return rows;
    return each.map((_, i) => (rows[i]?.status === 'fulfilled' ? rows[i] : failed));
  }

  /**
   * Commands of one turn of the event loop leave as one write, because each system call costs more than a
   * command.
   */
  private gather(): void {
    for (const node of this.masters()) {
      const { stream } = node;
      if (!this.isReady(node) || this.gathering.has(stream)) continue;
      this.gathering.add(stream);
      stream.cork();
      setImmediate(() => {
        this.gathering.delete(stream);
        stream.uncork();
      });
    }
  }

  async close(): Promise<void> {
    clearInterval(this.pinging);
    await this.client.quit().catch(() => undefined);
    this.client.disconnect();
  }
}
