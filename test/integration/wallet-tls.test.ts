// Wallets behind their own authority and certificates for clients, over real TLS: operator files as an
// engineer writes them, and what each refusal is taken for. The material in vectors/tls was made for these
// tests and guards nothing.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { CompiledWallet } from '../../src/wallet/compiled-wallet.js';
import { createTransport, type Exchange } from '../../src/wallet/transport.js';
import { fileWith, operatorOf, problemsOf } from '../support/operator-text.js';

const pem = (name: string): string => readFileSync(join(__dirname, '../vectors/tls', name), 'utf8');
const names = [
  ...['authority.pem', 'client.pem', 'client.key', 'client-encrypted.key', 'stranger.pem', 'stranger.key'],
  ...['expired.pem', 'early.pem'],
];
const env = {
  GSP_KEY: 'platform-test-key',
  PASSPHRASE: 'open-sesame',
  ...Object.fromEntries(names.map((name) => [name, pem(name)])),
};

let cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  cleanups = [];
});

/** A wallet that answers who is calling. */
async function walletWith(options: ServerOptions = {}): Promise<{ url: string; requests: () => number }> {
  let requests = 0;
  const server = createServer({ cert: pem('server.pem'), key: pem('server.key'), ...options }, (request, response) => {
    requests += 1;
    const certificate = request.socket instanceof TLSSocket ? request.socket.getPeerX509Certificate() : undefined;
    response.end(certificate?.subject ?? 'nobody');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, requests: () => requests };
}

const wantsCertificate: ServerOptions = { requestCert: true, rejectUnauthorized: true, ca: pem('authority.pem') };

/** An operator file whose wallet section has one more line; each secret is named like its file. */
function file(line: string, baseUrl = 'https://wallet.example/api/'): string {
  const named = [...names, 'PASSPHRASE'].filter((name) => new RegExp(`\\b${secretName(name)}\\b`).test(line));
  const secrets = named.map((name) => `\n  ${secretName(name)}: { env: ${name} }`).join('');
  return fileWith(
    ['  gsp: { env: GSP_KEY }', `  gsp: { env: GSP_KEY }${secrets}`],
    ['  repeatable: always', `  repeatable: always\n  ${line}`],
    ['https://wallet.example/api/', baseUrl],
  );
}
const secretName = (name: string): string =>
  ({
    'authority.pem': 'authority',
    'client.pem': 'cert',
    'client.key': 'certKey',
    'client-encrypted.key': 'lockedKey',
    'stranger.pem': 'otherCert',
    'stranger.key': 'otherKey',
    'expired.pem': 'expired',
    'early.pem': 'early',
    PASSPHRASE: 'passphrase',
  })[name] ?? name;

async function call({ baseUrl, secureContext }: CompiledWallet): Promise<Exchange> {
  const transport = createTransport({ baseUrl, connections: 1, maxReplyBytes: 1024, secureContext });
  cleanups.push(() => transport.close());
  const debit = { method: 'POST', path: '/debits', headers: {}, body: Buffer.from('{}'), sent: {} };
  return await transport.exchange(debit, { within: 5_000, mayStillSend: () => true });
}

async function became(line: string, url: string): Promise<unknown> {
  const exchange = await call(operatorOf(file(line, url), { env }).wallet);
  return exchange.kind === 'reply'
    ? Buffer.from(exchange.reply.body).toString()
    : { sent: exchange.sent, because: exchange.because };
}

describe('a wallet with an authority of its own', () => {
  test('is trusted by wallet.tls, and by nothing else', async () => {
    const { url, requests } = await walletWith();

    expect(await became('timeout: 2s', url)).toEqual({
      sent: false,
      because: expect.stringContaining('by an authority that is not trusted'),
    });
    expect(requests()).toBe(0);
    expect(await became('tls: { ca: authority }', url)).toBe('nobody');
  });

  test.each([
    ['elsewhere', 'authority', 'TLS: the certificate is for another name'],
    ['client', 'authority', 'TLS: the certificate is for another'],
    ['expired', 'expired', 'TLS: the certificate has expired'],
    ['early', 'early', 'TLS: the certificate is not valid yet'],
  ])('is not trusted with the certificate %s under the authority %s: %s', async (name, authority, because) => {
    const { url, requests } = await walletWith({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });

    expect(await became(`tls: { ca: ${authority} }`, url)).toEqual({
      sent: false,
      because: expect.stringContaining(because),
    });
    expect(requests()).toBe(0);
  });
});

describe('a wallet that cannot be spoken to by TLS', () => {
  test('because it does not speak it at all', async () => {
    const plain = createPlainServer((_, response) => response.end('nobody'));
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    cleanups.push(() => plain.close());
    const url = `https://localhost:${(plain.address() as AddressInfo).port}`;

    expect(await became('tls: { ca: authority }', url)).toEqual({
      sent: false,
      because: 'TLS: what answers does not speak TLS',
    });
  });

  test('because it speaks an old version only', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const { url } = await walletWith(old);

    expect(await became('tls: { ca: authority }', url)).toEqual({
      sent: false,
      because: 'TLS: no version both sides speak',
    });
  });
});

describe('a wallet that wants a certificate', () => {
  test.each([
    'auth: { type: mtls, ca: authority, cert: cert, key: certKey }',
    'auth: { type: mtls, ca: authority, cert: cert, key: lockedKey, passphrase: passphrase }',
    'tls: { ca: authority, cert: cert, key: certKey }',
  ])('%s', async (line) => {
    const { url } = await walletWith(wantsCertificate);

    expect(await became(line, url)).toBe('CN=client');
  });

  test.each(['tls: { ca: authority }', 'auth: { type: mtls, ca: authority, cert: otherCert, key: otherKey }'])(
    'and does not get it by %s: nothing left where the handshake says so',
    async (line) => {
      const { url, requests } = await walletWith({ ...wantsCertificate, maxVersion: 'TLSv1.2' });

      expect(await became(line, url)).toMatchObject({ sent: false });
      expect(requests()).toBe(0);
    },
  );

  test('and says so only after the handshake, as TLS 1.3 does: the call stays unknown', async () => {
    const { url, requests } = await walletWith({ ...wantsCertificate, minVersion: 'TLSv1.3' });

    expect(await became('tls: { ca: authority }', url)).toMatchObject({ sent: true });
    expect(requests()).toBe(0);
  });
});

describe('material that cannot be used is found when the file is loaded', () => {
  test.each([
    ['auth: { type: mtls, cert: cert, key: otherKey }', ' wallet.auth: cannot be used'],
    ['auth: { type: mtls, cert: certKey, key: cert }', ' wallet.auth: cannot be used'],
    ['auth: { type: mtls, cert: cert, key: lockedKey }', ' wallet.auth: cannot be used'],
    ['tls: { ca: passphrase }', ' wallet.tls: cannot be used'],
    ['tls: { cert: cert }', ' wallet.tls: a certificate is shown with its key; expected both cert and key, or neither'],
  ])('%s', (line, problem) => {
    const problems = problemsOf(file(line), { env });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems[0]).not.toMatch(/BEGIN|sesame/);
  });
});
