// Whether a run can begin at all: what is wrong before the first bet is mostly wrong on the side that asks, and
// a list of broken rules would only hide that.
import type { PlatformLine } from '../platform-line.js';

/** Asks every address for a player's balance, and one for each player's; why a run cannot begin, or null. */
export async function whyNotToBegin(
  line: PlatformLine,
  targets: readonly string[],
  players: readonly string[],
): Promise<string | null> {
  for (const [base, target] of targets.entries()) {
    const [first = ''] = players;
    const { httpStatus, failure, code } = await line.deliver(line.getBalance(first), { base });
    if (httpStatus === null) return `${target} gave no answer: ${failure ?? 'nothing came'}`;
    if (httpStatus === 404) return `${target}/GetBalance is not there (HTTP 404): is the path before it right?`;
    if (code === 3)
      return `${target} refuses the sign (3): is the key that of the agent, and is the dialect the service's?`;
    if (code === 4) return `${target} does not know the agent (4)`;
  }
  for (const player of players) {
    const { code, balanceText } = await line.deliver(line.getBalance(player));
    if (code === 5) return `the service does not know the player ${player} (5)`;
    if (balanceText?.startsWith('-') === true) return `the player ${player} has less than nothing`;
  }
  return null;
}
