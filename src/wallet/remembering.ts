// The layer between a call and what is known of its player: it adds what the call reads, and keeps what the
// reply teaches. All of it is stored before the verdict is told, because the next call may come at once and
// need it; and what a movement is sent with before it is sent, for its reply may be lost.

import type { MakeCall } from './calling.js';
import type { PlayerKnowledge } from './player-knowledge.js';

export function remembering(make: MakeCall, knowledge: PlayerKnowledge): MakeCall {
  return async (wanted) => {
    const { name, call, settings } = wanted;
    const began = performance.now();
    const subject = call === undefined ? wanted.subject : await knowledge.informed(call, wanted.subject);
    if (name === 'send' && 'leg' in subject) await knowledge.leaving(subject.transaction, subject.leg, subject.known);
    // The store's time comes out of the call's.
    const within = settings.within - (performance.now() - began);
    const ended = await make({ ...wanted, subject, settings: { ...settings, within } });
    if (ended.session !== undefined) await knowledge.renewed(subject, ended.session);
    if ('leg' in subject && name !== 'balance' && name !== 'closeRound')
      await knowledge.movementEnded(name, subject.transaction, subject.leg, ended.verdict);
    return ended;
  };
}
