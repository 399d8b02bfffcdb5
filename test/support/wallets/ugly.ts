// The wallet nobody would build today and somebody has: one CGI, ISO-8859-9 both ways, a verdict in a header,
// and one word, -7, for "taken before" and "refused before" alike. It shares no code with the bridge, and
// verifies what it gets byte by byte.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface UglyWallet {
  readonly url: string;
  readonly path: string;
  /** Signed minor units by movement: what it really did. */
  readonly movements: readonly { readonly id: string; readonly player: string; readonly kurus: bigint }[];
  /** Path and body of each call as the bytes came, one character a byte. */
  readonly calls: readonly string[];
  kurus(player: string): bigint;
  /** The session it would take from this player now. */
  session(player: string): string;
  /**
   * What the next money calls meet, one after the other. `overload…`: an empty 200, with the movement made or
   * not.
   */
  readonly moods: ('maintenance' | 'overload' | 'overload, but done')[];
  close(): Promise<void>;
}

/** Letters of ISO-8859-9 that Latin-1 has not. */
const turkish: Readonly<Record<string, number>> = { Ğ: 0xd0, İ: 0xdd, Ş: 0xde, ğ: 0xf0, ı: 0xfd, ş: 0xfe };
const letters = new Map(Object.entries(turkish).map(([letter, byte]) => [byte, letter]));
const fromBytes = (bytes: Buffer): string =>
  Array.from(bytes, (b) => letters.get(b) ?? String.fromCharCode(b)).join('');
const toBytes = (text: string): Buffer => Buffer.from(Array.from(text, (c) => turkish[c] ?? c.charCodeAt(0)));

/** Names and values of urlencoded bytes. */
function fieldsOf(encoded: string): [string, string][] {
  const decoded = (part: string): string =>
    fromBytes(
      Buffer.from(
        part
          .replaceAll('+', ' ')
          .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        'latin1',
      ),
    );
  return encoded.split('&').map((pair): [string, string] => {
    const [name = '', value = ''] = pair.split('=');
    return [decoded(name), decoded(value)];
  });
}

/** 123456 → "1.234,56". */
function written(kurus: bigint): string {
  const digits = kurus.toString().padStart(3, '0');
  const lira = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, '.');
  return `${lira},${digits.slice(-2)}`;
}

export async function startUglyWallet(
  openings: Readonly<Record<string, bigint>>,
  { path, salt, office }: { path: string; salt: string; office: string },
): Promise<UglyWallet> {
  const movements: { id: string; player: string; kurus: bigint }[] = [];
  const refused = new Set<string>();
  const rotations = new Map<string, number>();
  const calls: string[] = [];
  const moods: UglyWallet['moods'] = [];
  const kurus = (player: string): bigint =>
    movements.filter((m) => m.player === player).reduce((sum, m) => sum + m.kurus, openings[player] ?? 0n);
  const session = (player: string): string => `oturum-${toBytes(player).toString('hex')}-${rotations.get(player) ?? 0}`;

  function isSigned(fields: [string, string][]): boolean {
    const sign = fields.find(([name]) => name === 'imza')?.[1];
    const signed = fields
      .filter(([name]) => name !== 'imza')
      .sort(([a], [b]) => Buffer.compare(toBytes(a), toBytes(b)))
      .reverse()
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    return (
      sign ===
      createHash('sha1')
        .update(toBytes(signed + salt))
        .digest('hex')
        .toUpperCase()
    );
  }

  /** The verdict, and the text that goes with it. */
  function act(
    isMoney: boolean,
    fields: [string, string][],
  ): { verdict: string; text: string; rotates: boolean } | 'silence' {
    const {
      oyuncu: player = '',
      islem: action,
      islemno: id = '',
      tutar: amount = '',
      ...rest
    } = Object.fromEntries(fields);
    const no = (verdict: string, rotates = false) => ({ verdict, text: '', rotates });
    const isDated = /^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/.test(rest['zaman'] ?? '');
    if (!isSigned(fields) || rest['bayi'] !== office || !isDated) return no('-1');
    if (!(player in openings)) return no('-4');
    if (rest['oturum'] !== session(player)) return no('-5');
    if (!isMoney) return { verdict: 'OK', text: `BAKIYE=${written(kurus(player))};FIS=`, rotates: true };
    const mood = moods.shift();
    if (mood === 'maintenance') return no('-9', true);
    if (mood === 'overload') return 'silence';
    if (action !== 'hareket' || !/^\d{18}$/.test(id) || !/^-?\d+$/.test(amount)) return no('-2');
    if (refused.has(id) || movements.some((m) => m.id === id)) return no('-7', true);
    // What is taken is negative here, and so is what is not there.
    if (kurus(player) + BigInt(amount) < 0n) {
      refused.add(id);
      return no('-3', true);
    }
    movements.push({ id, player, kurus: BigInt(amount) });
    if (mood === 'overload, but done') return 'silence';
    return { verdict: 'OK', text: `BAKIYE=${written(kurus(player))};FIS=${movements.length}`, rotates: true };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = (await buffer(request)).toString('latin1');
    const [target = '', query = ''] = (request.url ?? '').split('?');
    calls.push(`${request.method ?? ''} ${request.url ?? ''} ${raw}`.trim());
    if (target !== path || !['GET', 'POST'].includes(request.method ?? '')) return void response.writeHead(404).end();
    const isMoney = request.method === 'POST';
    const fields = fieldsOf(isMoney ? raw : query);
    const done = act(isMoney, fields);
    if (done === 'silence') return void response.writeHead(200).end();
    const player = Object.fromEntries(fields)['oyuncu'] ?? '';
    if (done.rotates) rotations.set(player, (rotations.get(player) ?? 0) + 1);
    response.writeHead(200, {
      'content-type': 'text/plain; charset=iso-8859-9',
      'x-result': done.verdict,
      ...(done.rotates ? { 'x-oturum': session(player) } : {}),
    });
    response.end(toBytes(done.text === '' ? 'İŞLEM YAPILAMADI' : `${done.text};AÇIKLAMA=Başarılı`));
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    path,
    movements,
    calls,
    kurus,
    session,
    moods,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
