// Redis, as the start of the bridge judges it, and what else can be seen of it now.

import type { ExaminedRedis, NodeFacts } from '../../journal/examine-redis.js';
import { noJournal, type Holding } from '../../journal/open-journal.js';
import { fullFrom } from '../../journal/room.js';
import { fail, ok, warn, type Finding } from './finding.js';

/** Milliseconds there and back: a money callback goes twice. */
const far = 5;
const tooFar = 100;
/** Milliseconds by which clocks may differ. */
const slightSkew = 1_000;
const gravestSkew = 30_000;
/** The clocks of a Cluster's masters, which judge each other's leases. */
const skewOfMasters = 100;
/** Part of the memory it may take. */
const filling = 0.75;

export function redisFindings(
  { unfit, unable, holding, nodes }: ExaminedRedis,
  inProduction: boolean,
): readonly Finding[] {
  const wrong = [
    ...unable.map((problem) => fail('redis', problem)),
    // What production refuses, the log of any other start warns of.
    ...unfit.map((problem) => (inProduction || nodes.length === 0 ? fail : warn)('redis', problem)),
  ];
  const isNew = holding?.held === 0;
  const sound = isNew
    ? ok('redis', 'it does all the bridge needs; the first start begins a journal on it')
    : ok('redis', 'it does all the bridge needs, and holds the journal');
  const partly = isNew ? [] : missingParts(holding, wrong.length === 0);
  return [
    ...wrong,
    ...partly,
    ...(isNew && inProduction ? [fail('redis', noJournal)] : wrong.length + partly.length === 0 ? [sound] : []),
    ...nodes.flatMap((node) => nodeFindings(node, nodes.length > 1 ? ` ${node.name}` : '')),
    ...clocksOfMasters(nodes),
  ];
}

/** Of a journal some of which is there: callbacks of the rest are refused. */
function missingParts(holding: Holding | undefined, isElseSound: boolean): Finding[] {
  if (holding === undefined)
    return isElseSound ? [fail('redis', 'it did not say whether it holds the journal: ask again')] : [];
  const { held, lost, gone } = holding;
  const share = (count: number): string => `${count} of the ${held + lost + gone} parts of the journal`;
  return [
    ...(gone > 0
      ? [
          fail(
            'redis',
            `${share(gone)} are gone, and money callbacks there get 503: see "An emptied Redis" in config/deploy/README.md`,
          ),
        ]
      : []),
    ...(lost > 0
      ? [
          fail(
            'redis',
            `${share(lost)} lost writes, and money callbacks there get 503: see "When writes were lost" in config/deploy/redis.md`,
          ),
        ]
      : []),
  ];
}

function nodeFindings({ roundTrip, ahead, state }: NodeFacts, which: string): Finding[] {
  const way = `${roundTrip.toFixed(1)} ms there and back`;
  const skew = Math.abs(ahead);
  const clock = `clock${which}`;
  return [
    roundTrip < far
      ? ok(`redis way${which}`, way)
      : (roundTrip < tooFar ? warn : fail)(
          `redis way${which}`,
          `${way}, and each money callback waits for two: run the bridge next to its Redis`,
        ),
    ...(state === undefined ? [] : stateFindings(state, which)),
    skew < slightSkew
      ? ok(clock, `this machine’s clock and that of Redis agree within ${Math.ceil(skew)} ms`)
      : (skew < gravestSkew ? warn : fail)(
          clock,
          `this machine’s clock is ${(skew / 1000).toFixed(1)} s ${ahead > 0 ? 'behind' : 'ahead of'} that of Redis: ` +
            'let both follow one source of time, because wallets turn away requests with another time than theirs',
        ),
  ];
}

function stateFindings(state: NonNullable<NodeFacts['state']>, which: string): Finding[] {
  const { usedBytes, mostBytes, isAppending, failedWrites, delayedSyncs } = state;
  const memory = `redis memory${which}`;
  const used = `${mebibytes(usedBytes)} used`;
  const part = usedBytes / mostBytes;
  const disk = `redis disk${which}`;
  return [
    mostBytes === 0
      ? warn(
          memory,
          `${used}, and no maxmemory: set it as "How large" in config/deploy/redis.md says, or the machine ends Redis when it is full`,
        )
      : part < filling
        ? ok(memory, `${used} of ${mebibytes(mostBytes)}`)
        : (part < fullFrom ? warn : fail)(
            memory,
            `${used} of ${mebibytes(mostBytes)}: raise maxmemory, because from ${fullFrom * 100} % of it on nothing new is taken`,
          ),
    // That it keeps no such file is said by what every start checks.
    ...(failedWrites.length > 0
      ? [fail(disk, `its last ${failedWrites.join(' and ')} failed: its log says why; make room on its disk`)]
      : delayedSyncs > 0
        ? [warn(disk, `${delayedSyncs} times since it runs a write waited for its disk: give it a quicker one`)]
        : isAppending
          ? [ok(disk, 'no write has waited for it')]
          : []),
  ];
}

function clocksOfMasters(nodes: readonly NodeFacts[]): Finding[] {
  const clocks = nodes.map(({ ahead }) => ahead);
  const between = Math.max(...clocks) - Math.min(...clocks);
  return nodes.length > 1 && between > skewOfMasters
    ? [
        fail(
          'clock of masters',
          `the clocks of the Cluster’s masters are ${Math.round(between)} ms apart: let them follow one source of time, within ${skewOfMasters} ms`,
        ),
      ]
    : [];
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(bytes < 1024 ** 3 ? 1 : 0)} MiB`;
