// Why: every rival needs the same wallet, and one that costs as little as Node allows, so that it never is
// the limit. It echoes the reference and reports a fixed balance. The parent sets the delay by message, so
// that the connections the rivals hold stay open between the saturated and the steady measurement.
// Never: keeps a ledger (the stand-in wallet of the demo does).
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { port: { type: 'string' }, delay: { type: 'string', default: '0' } } });
let delay = Number(values.delay); // ms
process.on('message', (/** @type {{ delay: number }} */ message) => {
  delay = message.delay;
  process.send?.({ delay });
});
process.on('disconnect', () => process.exit(0));

const REFERENCE = /"reference":"([^"]*)"/;

/** @param {import('node:http').ServerResponse} response @param {number} status @param {string} body */
function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** @type {typeof answer} */
function later(response, status, body) {
  if (delay === 0) answer(response, status, body);
  else setTimeout(() => answer(response, status, body), delay);
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    later(response, 200, '{"balanceMinor":10000000}');
    return;
  }
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const reference = REFERENCE.exec(body)?.[1] ?? '';
    later(response, 201, `{"reference":"${reference}","debitId":"d-1","balanceMinor":10000000}`);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(Number(values.port), '127.0.0.1');
