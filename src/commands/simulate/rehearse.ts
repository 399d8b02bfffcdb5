// The rehearsal of one operator file: a sandbox wallet made of the file, the bridge, a platform player, and
// the scenes every wallet goes through. What it finds out is data; `print-rehearsal` makes lines of it.

import { freePort } from '../../demo/processes.js';
import { openings, playScript, roles, type SceneEvent, type Stage, type StagedWallet } from '../../demo/script.js';
import { judge, type Judged } from '../../demo/verdict.js';
import { minorUnits } from '../../operators/currencies.js';
import type { CompiledOperator } from '../../operators/compile.js';
import { undoPlans } from '../../operators/undo-plans.js';
import { formatCents, parseCents } from '../../stand-ins/cents.js';
import { wireOf } from '../../stand-ins/platform-callback.js';
import { PlatformPlayer } from '../../stand-ins/platform-player.js';
import { pathText } from '../../yaml/diagnostics.js';
import { madeUpID } from '../samples/sample-callback.js';
import { dueOf, otherNos } from './due-of.js';
import { unreachedRules, untoldReplies, type UnreachedRule, type Untold } from '../../sandbox/findings.js';
import type { Prepared } from './prepare.js';
import type { Shown, ShownOf } from '../../sandbox/reply-maker.js';
import { exchangeLine } from './print-exchange.js';
import { unsaid } from './request-facts.js';
import { Sandbox, type Exchanged } from '../../sandbox/sandbox.js';
import { SandboxBooks } from '../../sandbox/books.js';
import { startBridge } from '../../sandbox/staged-bridge.js';
import { tapped, type Note } from '../../sandbox/tap.js';

/** Told while it goes on. */
export interface Audience {
  readonly tell: (event: SceneEvent) => void;
  readonly exchanged: (event: Exchanged) => void;
}

export interface Rehearsal {
  readonly operator: string;
  readonly agentID: string;
  readonly books: Judged;
  /** What is left to a person. */
  readonly held: readonly { readonly transactionID: string; readonly userID: string; readonly because: string }[];
  /** Scenes that were not played, and why. */
  readonly leftOut: readonly string[];
  readonly unreached: readonly UnreachedRule[];
  readonly untold: readonly Untold[];
  readonly wrong: readonly string[];
}

/** Milliseconds a bet is waited for while the wallet does not answer any. */
const impatience = 300;
/** What one player has who plays all roles. */
const fortune = '1000.00';

export async function rehearse(prepared: Prepared, { tell, exchanged }: Audience): Promise<Rehearsal> {
  const { operator, agent, players, stranger, words, replies } = prepared;
  const { agentID } = agent;
  const books = new SandboxBooks(operator.terms, repeatsShown(prepared.examples));
  const refusals = new Map(otherNos(operator, words).map(({ name, wanted }) => [name, wanted]));
  const { baseUrl, oauth2 } = operator.wallet;
  const port = await freePort();
  const sandbox = new Sandbox({
    port,
    books,
    replies,
    prefix: baseUrl.pathname.replace(/\/$/, ''),
    tokens: oauth2 && oauth2.tokenUrl.pathname + oauth2.tokenUrl.search,
    refusal: (name) => refusals.get(name),
    undoesByHand:
      undoPlans(operator.file, () => undefined).withdraw?.kind === 'mapping' &&
      words.says('rollback', { kind: 'alreadyRolledBack' }, 'withdraw'),
    exchanged,
  });
  await sandbox.start();
  const held = new Set<string>();
  const bridge = await startBridge(
    atSandbox(operator, { sandbox, port }, (rule) => void held.add(rule)),
    agentID,
  );
  const platform = new PlatformPlayer({
    baseUrls: [bridge.url],
    agentID,
    key: agent.keys[0]?.export().toString('utf8') ?? '',
    wire: wireOf(operator.file.platform.dialect, agent.dialect.signsGameID),
    gameID: madeUpID(agent, 'gameID'),
    timeoutMs: operator.file.platform.timeout + 5_000,
  });
  try {
    const amount = amountsFor(operator, agent.currency);
    const accounts = new Map(roles.map((role) => [players[role], openings[role]]));
    if (accounts.size === 1) accounts.set(players.alice, fortune);
    for (const [userID, opening] of accounts) {
      books.open(userID, parseCents(amount(opening)));
      platform.open(userID, amount(opening));
    }
    const launch = async (): Promise<void> => {
      for (const userID of [...accounts.keys(), ...(stranger === undefined ? [] : [stranger])])
        await bridge.wallet.keepSession({ agentID, userID }, { session: `session-of-${userID}` });
    };
    await launch();
    const later = async (): Promise<void> => {
      await bridge.settle();
      // Some of the time that passed may have ended sessions.
      await launch();
    };

    const known = dueOf(operator, words);
    const due =
      stranger === undefined ? { ...known, says: { ...known.says, noPlayer: false, noPlayerToBet: false } } : known;
    const stage: Stage = {
      player: platform,
      wallet: staged(sandbox),
      players,
      stranger: stranger ?? '',
      due,
      ids: prepared.ids,
      amount,
      tell,
      later,
      async agrees(userID) {
        await later();
        if ((await bridge.held()).some((record) => record.userID === userID)) return 'held';
        return books.balances().get(userID) === platform.expectedCents(userID) ? 'equal' : 'different';
      },
    };
    const wrong = await playScript(stage);
    await bridge.settle();
    const left = await bridge.held();
    const judged = judge(
      { balances: books.balances(), effects: books.effects() },
      platform,
      [...accounts.keys()],
      new Set(left.map(({ transactionID }) => transactionID)),
    );
    const untold = [
      ...new Map(
        [...unsayable(prepared), ...untoldReplies(sandbox.missing)].map((one) => [JSON.stringify(one), one]),
      ).values(),
    ];
    return {
      operator: operator.name,
      agentID,
      books: judged,
      held: left.map(({ transactionID, userID, heldBecause = 'held' }) => ({
        transactionID,
        userID,
        because: heldBecause,
      })),
      leftOut: leftOut(stage),
      unreached: unreachedRules(operator, prepared, held),
      untold,
      wrong: [
        ...untold.map(({ operation, outcome, result = '' }) =>
          `no reply to a ${operation} could be made that the file reads as ${outcome} ${result}`.trimEnd(),
        ),
        ...unsaid(operator, agentID, [players.alice, stranger ?? players.alice], () => prepared.ids().transactionID),
        ...(sandbox.strangers === 0 ? [] : [`${sandbox.strangers} requests came that no mapping had made`]),
        ...[...sandbox.alike].map((both) => `the requests of a ${both} were the same`),
        ...wrong,
        ...judged.wrong,
      ],
    };
  } finally {
    platform.close();
    await bridge.stop();
    await sandbox.kill();
  }
}

/** The operator with the sandbox for a wallet, every call of which is listened to. */
function atSandbox(
  operator: CompiledOperator,
  { sandbox, port }: { readonly sandbox: Sandbox; readonly port: number },
  held: (rule: string) => void,
): CompiledOperator {
  const { baseUrl, oauth2, breaker, ...wallet } = tapped(operator.wallet, {
    rendered: (note) => sandbox.expect(note),
    held: (rule) => held(pathText(rule)),
    patience: (name) => (name === 'send' && sandbox.isFaulty ? impatience : undefined),
  });
  const moved = ({ pathname, search }: URL): URL => new URL(`http://127.0.0.1:${port}${pathname}${search}`);
  return {
    ...operator,
    wallet: {
      ...wallet,
      baseUrl: moved(baseUrl),
      ...(oauth2 && { oauth2: { ...oauth2, tokenUrl: moved(oauth2.tokenUrl) } }),
      secureContext: undefined,
      // A breaker waits by the machine's clock, and would keep one scene's fault in the next.
      breaker: { ...breaker, minimumCalls: Number.MAX_SAFE_INTEGER },
    },
  };
}

/** What an example of the same call says of a reference the wallet has done before. */
function repeatsShown(shownOf: ShownOf): (note: Note) => Shown['expect'] | undefined {
  return ({ call: { source } }) =>
    shownOf(source).find(({ repeatOf, isOwn }) => isOwn && repeatOf === 'applied')?.expect;
}

/** The sandbox as the scenes drive a wallet. */
function staged(sandbox: Sandbox): StagedWallet {
  return {
    get isRunning() {
      return sandbox.isRunning;
    },
    newCalls: () => Promise.resolve(sandbox.newCalls().map((call) => ({ ...call, line: exchangeLine(call) }))),
    befall: (player, fault) => {
      sandbox.befall(player, fault);
      return Promise.resolve();
    },
    recover: () => {
      sandbox.recover();
      return Promise.resolve();
    },
    refuseNext: (name) => sandbox.refuseNext(name),
    turnAwayNext: () => sandbox.turnAwayNext(),
    undoByHand: sandbox.undoByHand,
    kill: () => sandbox.kill(),
    start: () => sandbox.start(),
  };
}

/** A wallet that counts in whole units is played with whole amounts. */
function amountsFor(operator: CompiledOperator, currency: string): (text: string) => string {
  const decimals = minorUnits(operator.file, () => undefined)(currency) ?? 2;
  return (text) => (decimals >= 2 ? text : formatCents(parseCents(text) * 100n));
}

/** What the file has a rule for, and no reply could be made that is read so. */
function unsayable({ words }: Prepared): Untold[] {
  const nos = [
    { operation: 'withdraw', result: 'insufficientFunds' },
    { operation: 'withdraw', result: 'userNotFound' },
    { operation: 'getBalance', result: 'userNotFound' },
  ] as const;
  return nos
    .filter(({ operation, result }) => words.hasRule(operation, result))
    .filter(({ operation, result }) => !words.says(operation, { kind: 'refused', result }))
    .map(({ operation, result }) => ({ operation, outcome: 'refused', result }));
}

function leftOut({ due, wallet, stranger }: Stage): string[] {
  const { says, undoes } = due;
  const none = (what: string): string => `${what}: the file has no word for it`;
  return [
    ...(says.noFunds ? [] : [none('too little money')]),
    ...(says.noPlayer || says.noPlayerToBet || stranger === '' ? [] : [none('a player the wallet does not have')]),
    ...(stranger === '' ? ['a player the wallet does not have: --player plays alone'] : []),
    ...(undoes.betWin ? [] : ['bet and win of one callback rolled back together: the wallet cannot undo both']),
    ...(!undoes.bet || wallet.undoByHand !== undefined
      ? []
      : [none('a bet that the wallet’s own people have undone already')]),
  ];
}
