// The stand-in wallet as a program of its own, so that it can be killed like one. Prints one JSON line with
// its port when it listens; SIGTERM and SIGINT end it.
import { parseArgs } from 'node:util';
import { readCents } from './cents.js';
import { MEMORY_KINDS } from './accounts.js';
import { startStandInWallet, type StandInOptions } from './server.js';

const USAGE = `stand-in-wallet --ledger FILE [--port 0] [--host 127.0.0.1] [--players alice=100.00,bob=5.00]
                [--token TOKEN] [--kind ${MEMORY_KINDS.join('|')}] [--cancel-first]`;

function readOptions(): StandInOptions {
  const { values } = parseArgs({
    options: {
      ledger: { type: 'string' },
      port: { type: 'string', default: '0' },
      host: { type: 'string' },
      players: { type: 'string', default: '' },
      token: { type: 'string' },
      kind: { type: 'string', default: 'always' },
      'cancel-first': { type: 'boolean' },
    },
  });
  const kind = MEMORY_KINDS.find((known) => known === values.kind);
  if (values.ledger === undefined) throw new Error('--ledger is missing');
  if (kind === undefined) throw new Error(`--kind must be one of ${MEMORY_KINDS.join(', ')}`);
  if (!/^\d{1,5}$/.test(values.port)) throw new Error('--port must be a number');
  return {
    ledgerFile: values.ledger,
    port: Number(values.port),
    host: values.host,
    token: values.token,
    kind,
    cancelFirst: values['cancel-first'],
    players: readPlayers(values.players),
  };
}

function readPlayers(list: string): Record<string, string> {
  const players = list === '' ? [] : list.split(',').map((pair) => pair.split('='));
  return Object.fromEntries(
    players.map(([player = '', balance = '']) => {
      if (player === '' || readCents(balance) === null)
        throw new Error('--players must look like alice=100.00,bob=5.00');
      return [player, balance];
    }),
  );
}

try {
  const wallet = await startStandInWallet(readOptions());
  const stop = (): void => void wallet.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ port: wallet.port })}\n`);
} catch (error) {
  process.stderr.write(`stand-in wallet: ${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
}
