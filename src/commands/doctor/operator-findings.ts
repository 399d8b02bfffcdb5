// One operator's wallet and platform: the servers, and one harmless question to each. Nothing here moves money.

import { newTrace } from '../../bridge/new-trace.js';
import { MemoryFacts } from '../../journal/memory-facts.js';
import { connectPlatform } from '../../operators/connect-platform.js';
import type { CompiledOperator } from '../../operators/compile.js';
import { overhear } from '../../probing/overheard.js';
import { shownMoney } from '../../probing/wording.js';
import { createHttpWallet } from '../../wallet/http-wallet.js';
import { madeUpID } from '../samples/sample-callback.js';
import { secretMask } from '../secret-mask.js';
import { fail, ok, warn, type Finding } from './finding.js';
import { serverFinding } from './server-finding.js';

export interface Around {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** `player`: who is asked for, undefined where nobody was named. */
export async function operatorFindings(
  operator: CompiledOperator,
  player: string | undefined,
  around: Around,
): Promise<readonly Finding[]> {
  const { name, wallet, platform } = operator;
  const { now } = around;
  const at = { wallet: `wallet of ${name}`, platform: `platform of ${name}` };
  const server = await serverFinding(at.wallet, wallet.baseUrl, now, wallet.secureContext);
  const tokens =
    wallet.oauth2 && (await serverFinding(`tokens of ${name}`, wallet.oauth2.tokenUrl, now, wallet.secureContext));
  const isWalletThere = server.level !== 'fail' && tokens?.level !== 'fail';
  const platformServer = platform && (await serverFinding(at.platform, platform.baseUrl, now));
  return [
    server,
    ...(tokens ? [tokens] : []),
    ...(isWalletThere ? [await balanceFinding(at.wallet, operator, player, around)] : []),
    ...(platformServer ? [platformServer] : []),
    ...(platformServer && platformServer.level !== 'fail' ? await gamesFinding(at.platform, operator) : []),
  ];
}

async function balanceFinding(
  about: string,
  operator: CompiledOperator,
  userID: string | undefined,
  { env, now }: Around,
): Promise<Finding> {
  const [agent] = operator.agents;
  if (userID === undefined || agent === undefined)
    return warn(about, `its credentials were not tried: name a player with --player ${operator.name}=…`);
  if (agent.formats['userID']?.(userID) === false)
    return fail(
      about,
      `the player does not fit platform.formats.userID of ${operator.name}: name another with --player`,
    );
  const overheard = overhear(operator.wallet, secretMask(operator, env));
  const wallet = createHttpWallet(overheard.wallet, { name: operator.name, now, facts: new MemoryFacts(now) });
  const game = agent.dialect.signsGameID ? { gameID: madeUpID(agent, 'gameID') } : {};
  try {
    const asked = { agentID: agent.agentID, userID, ...game };
    const verdict = await wallet.balance(asked, {
      within: operator.terms.deadline,
      mayStillSend: () => true,
      trace: newTrace(),
    });
    const said = overheard.saidOf(verdict);
    const wallets = said === undefined ? '' : `; the wallet said: ${said}`;
    if (verdict.kind === 'balance')
      return ok(about, `the balance can be asked for: ${shownMoney(verdict.balance)} ${agent.currency}`);
    if (verdict.kind === 'refused' && verdict.result === 'userNotFound')
      return warn(about, `it answers, and does not know that player: name one it knows with --player${wallets}`);
    const why = verdict.kind === 'refused' ? `refused (${verdict.result})` : verdict.because;
    const cure = `check wallet.auth, its secrets and getBalance${said === undefined ? ', and that what answers there is the wallet' : ''}`;
    return fail(about, `the balance cannot be asked for (${why}): ${cure}${wallets}`);
  } finally {
    await wallet.close();
  }
}

/** The list of games is asked for, which changes nothing. */
async function gamesFinding(about: string, { platform, agents }: CompiledOperator): Promise<readonly Finding[]> {
  const [agent] = agents;
  if (platform?.api.calls.games === undefined || agent === undefined) return [];
  const noSession = { replaceSession: () => Promise.resolve(() => Promise.resolve()) };
  const asked = connectPlatform(
    platform,
    noSession,
    () => undefined,
    () => undefined,
  );
  try {
    const { error, because = error } = await asked.answer(
      'games',
      Buffer.from(JSON.stringify({ agentID: agent.agentID })),
    );
    return [
      error === 'ok'
        ? ok(about, 'its games can be asked for')
        : fail(about, `its games cannot be asked for (${because}): check platform.api, its token and its key`),
    ];
  } finally {
    await asked.close();
  }
}
