// Why: the least this job can cost in Node: bare http, the sign, two Redis round trips around one undici
// call. Our figures are told as a multiple of this one.
// Never: decides anything a real bridge must decide (duplicates, unknown outcomes, limits); it is no example.
import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { BASE_PATH, SIGNED_FIELDS, sign, successBody } from './wire.mjs';

const { PORT, REDIS_URL = '', WALLET_URL = '', BENCH_KEY = '' } = process.env;
const redis = new Redis(REDIS_URL);
const wallet = new Pool(WALLET_URL, { connections: 128 });
const walletHeaders = { 'content-type': 'application/json', authorization: 'Bearer bench' };

/**
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @param {string} [body]
 */
async function callWallet(method, path, body) {
  const reply = await wallet.request({ method, path, headers: walletHeaders, body: body ?? null });
  const parsed = await reply.body.json();
  return { applied: reply.statusCode === 200 || reply.statusCode === 201, balanceMinor: minorIn(parsed) };
}

/** @param {unknown} reply */
const minorIn = (reply) =>
  typeof reply === 'object' && reply !== null && 'balanceMinor' in reply ? Number(reply.balanceMinor) : NaN;

/** @param {string} operation @param {string} text */
async function handle(operation, text) {
  const fields = JSON.parse(text);
  const expected = sign(
    BENCH_KEY,
    (SIGNED_FIELDS[operation] ?? []).map((name) => fields[name]),
  );
  if (fields.sign?.length !== 64 || !timingSafeEqual(Buffer.from(expected), Buffer.from(fields.sign))) {
    return '{"result":3,"message":"invalid sign"}';
  }
  const player = `/v2/players/${fields.userID}`;
  if (operation === 'GetBalance') return successBody((await callWallet('GET', `${player}/balance`)).balanceMinor);

  const key = `floor:${fields.agentID}:${fields.transactionID}`;
  if ((await redis.set(key, text, 'EX', 86_400, 'NX')) === null) return '{"result":11,"message":"duplicate"}';
  const path = `${player}/${operation === 'Withdraw' ? 'debits' : 'credits'}`;
  const amountMinor = fields.amount.replace('.', '').replace(/^0+(?=\d)/, '');
  const body = `{"reference":"gsp-${fields.transactionID}","amountMinor":${amountMinor},"round":"${fields.roundID}"}`;
  const { applied, balanceMinor } = await callWallet('POST', path, body);
  const answer = applied ? successBody(balanceMinor) : '{"result":1,"message":"failed"}';
  await redis.set(key, answer, 'EX', 86_400);
  return answer;
}

createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    void handle((request.url ?? '').slice(BASE_PATH.length + 1), text)
      .catch(() => '{"result":1,"message":"general error"}')
      .then((answer) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
        response.end(answer);
      });
  });
}).listen(Number(PORT), '127.0.0.1');
