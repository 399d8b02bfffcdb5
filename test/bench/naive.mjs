// Why: the bridge a competent developer writes in an afternoon with the same libraries, each used as its
// first page shows: the comparison that says what our care for the hot path is worth.
// Never: slow on purpose, and never a model for money: its claim is a plain SET NX and its failures are
// exceptions.
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Agent } from 'node:http';
import axios from 'axios';
import express from 'express';
import { Redis } from 'ioredis';
import CircuitBreaker from 'opossum';
import { pino } from 'pino';
import client from 'prom-client';
import { z } from 'zod';
import { BASE_PATH, SIGNED_FIELDS, sign, successBody } from './wire.mjs';

const { PORT, REDIS_URL = '', WALLET_URL = '', BENCH_KEY = '', LOG_LEVEL } = process.env;
const logger = pino({ level: LOG_LEVEL ?? 'info' });
const redis = new Redis(REDIS_URL);
const wallet = axios.create({
  baseURL: WALLET_URL,
  timeout: 2500,
  httpAgent: new Agent({ keepAlive: true }),
  headers: { authorization: 'Bearer bench' },
});
const breaker = new CircuitBreaker(
  (/** @type {import('axios').AxiosRequestConfig} */ config) => wallet.request(config),
  {
    timeout: 3000,
    errorThresholdPercentage: 50,
    resetTimeout: 10_000,
  },
);

client.collectDefaultMetrics();
const callbacks = new client.Counter({
  name: 'callbacks_total',
  help: 'Callbacks answered',
  labelNames: ['operation', 'result'],
});
const duration = new client.Histogram({
  name: 'callback_duration_seconds',
  help: 'Time to answer a callback',
  labelNames: ['operation'],
});

const amount = z.string().regex(/^\d{1,15}\.\d{2}$/);
const balanceSchema = z.object({ agentID: z.string().min(1), userID: z.string().min(1), sign: z.string().length(64) });
const moneySchema = balanceSchema.extend({ amount, transactionID: z.string().min(1), roundID: z.string().min(1) });
/** @type {Readonly<Record<string, typeof balanceSchema>>} */
const schemas = { GetBalance: balanceSchema, Withdraw: moneySchema, Deposit: moneySchema };

/** @param {string} operation @param {unknown} body */
async function handle(operation, body) {
  const parsed = schemas[operation]?.safeParse(body);
  if (!parsed?.success) return '{"result":2,"message":"wrong input parameters"}';
  /**
   * @type {Record<string, string | undefined> & z.infer<typeof balanceSchema> & Partial<z.infer<typeof
   * moneySchema>>}
   */
  const fields = parsed.data;
  const values = (SIGNED_FIELDS[operation] ?? []).map((name) => fields[name]);
  if (!timingSafeEqual(Buffer.from(sign(BENCH_KEY, values)), Buffer.from(fields.sign))) {
    return '{"result":3,"message":"invalid sign"}';
  }
  const player = `/v2/players/${fields.userID}`;
  if (operation === 'GetBalance') {
    const reply = await breaker.fire({ method: 'get', url: `${player}/balance` });
    return successBody(reply.data.balanceMinor);
  }
  const key = `naive:${fields.agentID}:${fields.transactionID}`;
  const claimed = await redis.set(key, JSON.stringify({ state: 'pending' }), 'EX', 86_400, 'NX');
  if (claimed === null)
    return JSON.parse((await redis.get(key)) ?? '{}').answer ?? '{"result":1,"message":"in progress"}';
  const reply = await breaker.fire({
    method: 'post',
    url: `${player}/${operation === 'Withdraw' ? 'debits' : 'credits'}`,
    data: { reference: `gsp-${fields.transactionID}`, amount: fields.amount, round: fields.roundID },
  });
  const answer = successBody(reply.data.balanceMinor);
  await redis.set(key, JSON.stringify({ state: 'done', answer }), 'EX', 86_400);
  return answer;
}

const app = express();
app.use(express.json());
app.post(`${BASE_PATH}/:operation`, async (request, response) => {
  const { operation } = request.params;
  const log = logger.child({ requestId: randomUUID(), operation });
  const stopTimer = duration.startTimer({ operation });
  let answer;
  try {
    answer = await handle(operation, request.body);
  } catch (error) {
    log.error({ message: error instanceof Error ? error.message : error }, 'callback failed');
    answer = '{"result":1,"message":"general error"}';
  }
  response.type('application/json').send(answer);
  const result = String(JSON.parse(answer).result);
  callbacks.inc({ operation, result });
  const took = stopTimer();
  log.info({ userID: request.body?.userID, transactionID: request.body?.transactionID, result, took }, 'callback');
});
app.get('/metrics', async (_request, response) => {
  response.type(client.register.contentType).send(await client.register.metrics());
});
app.listen(Number(PORT), '127.0.0.1', () => logger.info({ port: PORT }, 'listening'));
