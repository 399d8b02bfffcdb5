// Why: what express and axios cost when they do nothing but hand a body on. A bridge that is faster while
// doing all of its work has paid for its own code.
// Never: checks, records or maps anything.
import { Agent } from 'node:http';
import axios from 'axios';
import express from 'express';
import { BASE_PATH } from './wire.mjs';

const { PORT, WALLET_URL = '' } = process.env;
const wallet = axios.create({ baseURL: WALLET_URL, httpAgent: new Agent({ keepAlive: true }) });
const app = express();
app.use(express.raw({ type: 'application/json' }));
app.post(`${BASE_PATH}/:operation`, async (request, response) => {
  const headers = { 'content-type': 'application/json' };
  const reply = await wallet.post(`/v2/callbacks/${request.params.operation}`, request.body, { headers });
  response.json({ result: 0, message: 'success', balanceMinor: reply.data.balanceMinor });
});
app.listen(Number(PORT), '127.0.0.1');
