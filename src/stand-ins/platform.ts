// The stand-in platform as a program of its own: its API to launch games with, and callbacks when a launched
// game is opened. Prints one JSON line with its address when it listens; SIGTERM and SIGINT end it.
import { parseArgs } from 'node:util';
import { startStandInPlatform } from './platform-server.js';

const USAGE = `stand-in-platform --agent AGENT --token TOKEN [--dialect seamless|v2] [--port 0] [--host 127.0.0.1]
                  [--callbacks http://127.0.0.1:8080/WalletService]
The key is taken from the environment variable PLATFORM_KEY.`;

try {
  const { values } = parseArgs({
    options: {
      dialect: { type: 'string', default: 'seamless' },
      agent: { type: 'string', default: '' },
      token: { type: 'string', default: '' },
      port: { type: 'string', default: '0' },
      host: { type: 'string' },
      callbacks: { type: 'string' },
    },
  });
  const { dialect, agent: agentID, token, port, host, callbacks } = values;
  const key = process.env['PLATFORM_KEY'] ?? '';
  if (dialect !== 'seamless' && dialect !== 'v2') throw new Error('--dialect must be seamless or v2');
  if (agentID === '' || token === '' || key === '') throw new Error('--agent, --token and PLATFORM_KEY must be given');
  if (!/^\d{1,5}$/.test(port)) throw new Error('--port must be a number');
  const platform = await startStandInPlatform({ dialect, agentID, token, key, port: Number(port), host, callbacks });
  const stop = (): void => void platform.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ url: platform.url })}\n`);
} catch (error) {
  process.stderr.write(`stand-in platform: ${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
}
