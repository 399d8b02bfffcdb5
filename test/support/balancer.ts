// A balancer as people put before the bridge: it spreads connections, and learns late who is ready.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { BridgeProcess } from './stage.js';

/** Milliseconds between two looks at /readyz. */
const looksEvery = 200;

/** Hands each new connection to the next replica that was ready when it was looked at last. It tries no other. */
export class Balancer {
  readonly replicas = new Set<BridgeProcess>();
  readonly #ready = new Set<BridgeProcess>();
  readonly #looking = setInterval(() => this.replicas.forEach((replica) => void this.#look(replica)), looksEvery);
  readonly #server = createServer((client) => {
    const [next] = this.#ready;
    if (next === undefined) {
      client.destroy();
      return;
    }
    // To the end of the row.
    this.#ready.delete(next);
    this.#ready.add(next);
    const server = connect(Number(new URL(next.url).port), '127.0.0.1');
    client.pipe(server).pipe(client);
    for (const [one, other] of [[client, server] as const, [server, client] as const])
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/WalletService`;
  }

  knows(replica: BridgeProcess): boolean {
    return this.#ready.has(replica);
  }

  close(): void {
    clearInterval(this.#looking);
    this.#server.close();
  }

  async #look(replica: BridgeProcess): Promise<void> {
    const isReady = (await fetch(`${replica.adminUrl}/readyz`).catch(() => undefined))?.ok === true;
    if (!isReady) this.#ready.delete(replica);
    else if (this.replicas.has(replica)) this.#ready.add(replica);
  }
}
