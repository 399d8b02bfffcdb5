// What the requests of a file do not say: a wallet that cannot tell two movements apart must do one of them
// wrong. Each call is rendered twice, with one fact changed, and the bytes are compared.

import type { CompiledOperator } from '../../operators/compile.js';
import type { WalletRequest } from '../../wallet/message.js';
import { sampleCalls, type SampleRequest } from '../samples/sample-callback.js';

type Fields = Readonly<Record<string, string>>;
interface Fact {
  readonly operation: SampleRequest['operation'];
  readonly of?: SampleRequest['of'];
  readonly what: string;
  readonly one: Fields;
  readonly other: Fields;
}

/** Amounts every currency can hold. */
const whole = { amount: '5.00', betAmount: '5.00', winAmount: '5.00' };
const amounts = { one: { amount: '5.00' }, other: { amount: '6.00' } };
const playerFields = (name: string): Fields => ({ userID: name, session: `session-of-${name}` });

/** A line for each fact a request leaves out. `players`: two who fit the file’s formats. */
export function unsaid(
  operator: CompiledOperator,
  agentID: string,
  players: readonly [string, string],
  ids: () => string,
): string[] {
  const [alice, bob] = players;
  const whose = { what: 'whose it is', one: playerFields(alice), other: playerFields(bob) };
  const undone = {
    what: 'which undo it is',
    one: { transactionID: ids(), receipt: '1' },
    other: { transactionID: ids(), receipt: '2' },
  };
  const facts: Fact[] = [
    { operation: 'getBalance', ...whose },
    { operation: 'withdraw', what: 'the amount', ...amounts },
    { operation: 'withdraw', ...whose },
    { operation: 'deposit', what: 'the amount', ...amounts },
    { operation: 'deposit', ...whose },
    { operation: 'betWin', what: 'the bet', one: { betAmount: '5.00' }, other: { betAmount: '6.00' } },
    { operation: 'betWin', what: 'the win', one: { winAmount: '5.00' }, other: { winAmount: '6.00' } },
    { operation: 'rollback', of: 'withdraw', ...undone },
    { operation: 'rollback', of: 'deposit', ...undone },
    { operation: 'lookup', of: 'withdraw', ...undone, what: 'what it asks after' },
  ];
  const now = Date.now();
  const bytesOf = (operation: Fact['operation'], of: Fact['of'], fields: Fields): string | undefined => {
    const sampled = sampleCalls(operator, { operation, of, fields: { agentID, ...whole, ...fields } });
    if ('because' in sampled) return undefined;
    const made = sampled.calls.map(({ call, subject }) => call.render(subject, now, () => 'the-same-for-both'));
    return made.every((one) => one.kind === 'request')
      ? made.map(({ request }) => wire(request)).join('\n')
      : undefined;
  };
  /** An undo by a mapping of its own names what it undoes, not only itself. */
  const undoes = (kind: 'withdraw' | 'deposit'): string[] => {
    const sampled = sampleCalls(operator, {
      operation: 'rollback',
      of: kind,
      fields: { agentID, ...whole, receipt: '1' },
    });
    const [only] = 'because' in sampled ? [] : sampled.calls;
    if (only === undefined || only.call.source.operation !== 'undo' || 'player' in only.subject) return [];
    const { transaction, leg } = only.subject;
    const other = { ...leg, reference: operator.wallet.reference(ids()), receipt: '2' };
    const subject = { transaction: { ...transaction, transactionID: ids(), legs: [other] }, leg: other };
    const [one, two] = [only.subject, subject].map((about) => only.call.render(about, now, () => 'the-same-for-both'));
    const isAlike = one?.kind === 'request' && two?.kind === 'request' && wire(one.request) === wire(two.request);
    return isAlike ? [`the request of the undo of a ${kind} does not say what it undoes`] : [];
  };
  const silent = facts.flatMap(({ operation, of, what, one, other }) => {
    const first = bytesOf(operation, of, one);
    if (first === undefined || first !== bytesOf(operation, of, other)) return [];
    return [
      `the request of ${operation === 'rollback' ? `the undo of a ${of ?? ''}` : `a ${operation}`} does not say ${what}`,
    ];
  });
  const bet = bytesOf('withdraw', undefined, amounts.one);
  const isAlike = bet !== undefined && bet === bytesOf('deposit', undefined, amounts.one);
  return [
    ...silent,
    ...undoes('withdraw'),
    ...undoes('deposit'),
    ...(isAlike ? ['the requests of a withdraw and a deposit are the same'] : []),
  ];
}

function wire({ method, path, headers, body }: WalletRequest): string {
  return [method, path, JSON.stringify(headers), Buffer.from(body ?? []).toString('latin1')].join(' ');
}
