// When two worlds are the same for all that can follow, told in few characters. Names of handlers, tokens,
// revisions, due times and absolute time are left out. A handler's past counts only as far as it still
// decides something; a test holds that.

import type { Stored } from '../../src/domain/ports.js';
import { leaseIsLive, sendsInDoubt, undosInDoubt, type Transaction } from '../../src/domain/transaction.js';
import type { Answer, Run } from './replay.js';
import { lagOf, lastSeen, since, type Message, type Task, type World } from './world.js';
import { settle, type Account } from './wallet-kinds.js';

/** Longer ago than any deadline, lease or patience of the platform. */
const longest = 15_000;

/** Past instants are all alike where only "is it over?" is ever asked. */
const ahead = (at: number, now: number): number => (at > now ? at - now : 0);

const numbers = new Map<string, number>();
const timeless = new WeakMap<Transaction, number>();

/** Everything about a record but its times, as one small number. */
function numberOf(t: Transaction): number {
  const known = timeless.get(t);
  if (known !== undefined) return known;
  const legs = t.legs.map(
    // Only "none, one or more" is ever asked.
    (leg) =>
      [leg.effect, ...[sendsInDoubt(leg), undosInDoubt(leg), leg.undos].map((count) => Math.min(count, 2))].join(),
  );
  const flags = [t.promised, t.rolledBack, t.elsewhere, t.fingerprint === ''].map((flag) => (flag === true ? 1 : 0));
  const home = t.home?.origin;
  const text = [t.state, t.goal, t.refusal, t.undoRefusal, t.heldBecause, home, ...flags, ...legs].join();
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  timeless.set(t, number);
  return number;
}

function recordTimes({ legs }: Transaction, now: number): string {
  let key = '';
  const left = (at: number): number | string => (at === 0 ? '' : ahead(at + settle, now));
  for (const { lastSend, lastUndo, absentSince } of legs)
    key += `,${left(lastSend)},${left(lastUndo)},${absentSince === 0 ? '' : `a${left(absentSince)}`}`;
  return key;
}

function recordKey(t: Transaction, now: number): string {
  const key = `${numberOf(t)}${recordTimes(t, now)}`;
  return t.lease === undefined ? key : `${key}L${ahead(t.lease.until, now)}`;
}

const isOf = (owner: string | undefined, task: Task): boolean => owner?.startsWith(`${task.run.name}.`) === true;

/**
 * A handler whose machine slept reads an older time off its own clock, and compares it with what the record
 * says.
 */
function ownRecordKey(t: Transaction, task: Task, now: number): string {
  const lag = lagOf(task);
  return lag === 0 ? recordKey(t, now) : `${recordKey(t, now)}/${recordKey(t, now - lag)}`;
}

function effectKey(task: Task, { now, stored }: World): string {
  const { effect, wrote } = task;
  switch (effect.kind) {
    case 'put': {
      const { transaction, expected } = effect.write;
      const done = wrote === undefined ? '' : wrote === stored?.revision ? 'w' : 'W';
      const current = expected === (stored?.revision ?? 0) ? 'c' : '';
      return `p${done}${current}${expected === 0 ? 0 : ''}${isOf(transaction.lease?.owner, task) ? 'o' : ''}${ownRecordKey(transaction, task, now)}`;
    }
    case 'call': {
      const { kind, leg, transaction, window } = effect.call;
      const current = lastSeen(task.run) === stored?.revision ? 'c' : '';
      const { monotonic, wall, journal } = window;
      const ends = [ahead(monotonic, now - task.lost), ahead(wall, now), ahead(journal, now - lagOf(task))];
      return `${kind}${current}${transaction.legs.indexOf(leg)},${ends.join()},${ownRecordKey(transaction, task, now)}`;
    }
    case 'sleep':
      return effect.workOn === undefined ? `s${effect.ms}` : 's';
    case 'get':
      return 'g';
  }
}

function ownTokenKey({ effect }: Task, owner: string): string {
  const current =
    effect.kind === 'put'
      ? effect.write.transaction.lease?.owner
      : effect.kind === 'call'
        ? effect.call.transaction.lease?.owner
        : undefined;
  return owner === current ? 'n' : 'm';
}

/** What a handler's past still decides, as far as it does not change with the world around it. */
interface Past {
  readonly text: string;
  /** The last reply of the wallet, if the journal has not heard it. */
  readonly news: string;
  /** What it saw last, and did not write itself. */
  readonly seen?: Stored;
  /** When it heard something: from then on it counts what was sent. */
  readonly heardAt: readonly number[];
}

const foundBy = (answer: Answer): Stored | undefined =>
  answer.kind === 'written' && answer.written.kind === 'there' ? answer.written.stored : undefined;

const pasts = new WeakMap<Run, Past>();

function pastOf(run: Run): Past {
  const known = pasts.get(run);
  if (known !== undefined) return known;
  let replied = false;
  let repeats = 0;
  let news = '';
  let seen: Stored | undefined;
  let slept = false;
  let free = 0;
  const heardAt = new Set<number>();
  for (const answer of run.answers) {
    heardAt.add(answer.at);
    if (answer.kind === 'said') {
      replied = true;
      if (answer.verdict.kind !== 'applied') repeats++;
      news = answer.verdict.kind === 'refused' ? answer.verdict.result : answer.verdict.kind;
    } else if (answer.kind === 'slept') slept = true;
    else if (answer.kind === 'written' && answer.written.kind === 'done') news = '';
    const found = answer.kind === 'read' ? answer.stored : foundBy(answer);
    if (found === undefined) continue;
    seen = found;
    if (!leaseIsLive(found.transaction, answer.at)) free++;
  }
  const first = run.answers[0]?.kind === 'written' ? run.answers[0].written.kind : '';
  const count = replied || slept ? 0 : Math.min(run.answers.length, 3);
  const text = `${first},${replied ? repeats : '-'},${slept ? 's' : ''}f${Math.min(free, 2)},${count}`;
  const past = { text, news, heardAt: [...heardAt], ...(seen === undefined ? {} : { seen }) };
  pasts.set(run, past);
  return past;
}

/** The last key of a task: most worlds differ from the one before in another task. */
const lastKeys = new WeakMap<
  Task,
  { readonly now: number; readonly stored: Stored | undefined; readonly key: string }
>();

function taskKey(task: Task, world: World): string {
  const { now, stored } = world;
  const last = lastKeys.get(task);
  if (last?.now === now && last.stored === stored) return last.key;
  const key = taskKeyAnew(task, world);
  lastKeys.set(task, { now, stored, key });
  return key;
}

function taskKeyAnew(task: Task, world: World): string {
  const { run, effect, paused, asleep, lost, sentAt } = task;
  const { now, stored } = world;
  const { text, news, seen, heardAt } = pastOf(run);
  const owner = stored?.transaction.lease?.owner;
  // News is applied to the record as it is by then, if the lease is still the handler's own.
  const mine = owner !== undefined && isOf(owner, task) ? `${ownTokenKey(task, owner)}${news}` : '';
  const current = lastSeen(run) === stored?.revision ? 'c' : '';
  const known =
    effect.kind === 'sleep'
      ? `${seen === undefined ? '' : ownRecordKey(seen.transaction, task, now)}${current}${now > since(run) ? 'l' : ''}`
      : '';
  const heard = heardAt.map((at) => ahead(at + settle, now)).join();
  const counted =
    effect.kind === 'put' || effect.kind === 'call'
      ? `${heard}${seen === undefined ? '' : recordTimes(seen.transaction, now)}`
      : '';
  const found = stored === undefined || lagOf(task) === 0 ? '' : ownRecordKey(stored.transaction, task, now);
  const slept =
    lost === 0 ? '' : `l${lost},${lagOf(task)},${ahead(run.startedAt + longest, now - lost)},${heard},${found}`;
  const still = `${paused === true ? 'z' : ''}${asleep === true ? 'Z' : ''}${slept}${sentAt === undefined ? '' : now - sentAt}`;
  return `${run.does}${run.moved ? 'm' : ''} ${ahead(run.startedAt + longest, now)},${text},${mine},${known},${counted},${still},${effectKey(task, world)}`;
}

const messageKey = ({ call, leg, sentAt }: Message, now: number): string => `${call}${leg},${now - sentAt}`;

const accountKey = ({ applied, undone, cancelled, sendRefused, undoRefused }: Account): string =>
  `${applied}${undone}${cancelled ? 'c' : ''}${sendRefused ?? ''}${undoRefused?.kind ?? ''}`;

/** Worlds with equal keys go on alike. */
export function worldKey(world: World): string {
  const { now, stored, due, told, left } = world;
  const listed = due === undefined ? '' : due === Infinity ? 'h' : 'd';
  const record = stored === undefined ? '-' : recordKey(stored.transaction, now) + listed;
  const heard = `${told.success ? 's' : ''}${told.undone ? 'u' : ''}${told.failure ?? ''}${world.refused === true ? 'r' : ''}`;
  const budgets = Object.values(left).join('');
  const blind = world.blindSince === undefined ? '' : `b${ahead(world.blindSince + settle, now)}`;
  const odd = `${blind}${world.moved === true ? 'm' : ''}`;
  const messages = world.messages.map((message) => messageKey(message, now)).sort();
  const tasks = world.tasks.map((task) => taskKey(task, world)).sort();
  return `${record}|${world.accounts.map(accountKey).join()}|${heard}${odd}|${budgets}|${messages.join()}|${tasks.join('|')}`;
}

/** Looked up once: under jest a global costs more than all else in the loop. */
const { imul } = Math;

/** 53 bits of a key: among ten million worlds two are taken for one with a chance below 1 %. */
export function hashOf(key: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    high = imul(high ^ code, 2654435761);
    low = imul(low ^ code, 1597334677);
  }
  high = imul(high ^ (high >>> 16), 2246822507) ^ imul(low ^ (low >>> 13), 3266489909);
  low = imul(low ^ (low >>> 16), 2246822507) ^ imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
