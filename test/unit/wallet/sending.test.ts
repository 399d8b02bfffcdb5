// What an exchange with the wallet is read as: a verdict, a session, and whether the wallet counts as sick.
import { describe, expect, test } from '@jest/globals';
import { sending } from '../../../src/wallet/sending.js';
import type { WalletReply } from '../../../src/wallet/message.js';
import type { Exchange } from '../../../src/wallet/transport.js';
import type { CallSettings } from '../../../src/domain/ports.js';
import { callReadAs, created, ready } from '../../support/layered-calls.js';

const unread = callReadAs({ kind: 'unknown', because: 'no rule holds' });
const failing = (): never => {
  throw new TypeError('Bearer top-secret');
};

function sendingOver(exchanged: Exchange) {
  const asked: CallSettings[] = [];
  const exchange = (_request: unknown, settings: CallSettings) => {
    asked.push(settings);
    return Promise.resolve(exchanged);
  };
  return { asked, send: sending({ exchange }, () => 0) };
}

const replied = (change: Partial<WalletReply> = {}): Exchange => ({
  kind: 'reply',
  reply: { ...created, ...change },
  ms: 3,
});

describe('a call', () => {
  test.each([
    [700, 5_000],
    [5_000, 700],
  ])('gets the shorter of its own time (%d ms) and what is left (%d ms)', async (timeout, within) => {
    const { asked, send } = sendingOver(replied());

    await send(
      ready('send', {
        call: callReadAs({ kind: 'applied' }, { timeout }),
        settings: { within, mayStillSend: () => true },
      }),
    );

    expect(asked.map((settings) => settings.within)).toEqual([700]);
  });

  test.each([
    [true, 'unknown'],
    [false, 'notApplied'],
  ] as const)('without a reply of which something left (%s) is %s, and the wallet’s failure', async (sent, kind) => {
    const { send } = sendingOver({ kind: 'failed', sent, because: 'connection reset', ms: 5 });

    expect(await send(ready('send'))).toEqual({
      verdict: { kind, because: 'connection reset' },
      ms: 5,
      isFailure: true,
    });
  });
});

describe('a reply', () => {
  test('is read as verdict and session', async () => {
    const call = callReadAs({ kind: 'applied' }, { read: () => ({ verdict: { kind: 'applied' }, session: 's1' }) });

    expect(await sendingOver(replied()).send(ready('send', { call }))).toEqual({
      verdict: { kind: 'applied' },
      session: 's1',
      ms: 3,
      isFailure: false,
    });
  });

  test('that cannot be read is unknown, and quotes nothing', async () => {
    const call = callReadAs({ kind: 'applied' }, { read: failing });

    expect(await sendingOver(replied()).send(ready('send', { call }))).toEqual({
      verdict: { kind: 'unknown', because: 'reading its reply failed (TypeError)' },
      ms: 3,
      isFailure: false,
    });
  });

  test.each([
    ['a 503', { status: 503 }, true],
    ['a redirect', { status: 302 }, true],
    ['an empty body', { status: 200, body: Buffer.from('') }, true],
    ['a page', { status: 200, headers: { 'content-type': 'Text/HTML; charset=utf-8' } }, true],
    ['a 404', { status: 404 }, false],
    ['an error in the body', { status: 200 }, false],
  ])('no rule could place: %s', async (_, change, isFailure) => {
    expect(await sendingOver(replied(change)).send(ready('send', { call: unread }))).toMatchObject({ isFailure });
  });

  test('a rule could place is the wallet’s own, whatever it looks like', async () => {
    expect(await sendingOver(replied({ status: 503 })).send(ready('send'))).toMatchObject({ isFailure: false });
  });
});
