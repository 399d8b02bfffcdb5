// Makes the client for each form of Redis, with the same settings for every node. A command either gets its
// reply soon or fails at once: nothing is queued for a Redis that is away and nothing is sent again behind the
// caller's back, because only the caller knows whether that would be right.

import { Cluster, Redis, type CommonRedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-address.js';
import { refusalCode } from './redis-errors.js';

export type Client = Redis | Cluster;

/** What TLS needs beyond the machine's own authorities: PEM texts. */
export interface RedisTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What only a master that is gone says, or a replica that lost it. */
const lostMaster: ReadonlySet<string> = new Set(['READONLY', 'MASTERDOWN']);

/** Milliseconds between two attempts to connect, jittered: replicas must not come back in step. */
const pause = (attempt: number): number => Math.min(25 * 2 ** Math.min(attempt, 10), 500) * (0.75 + Math.random() / 2);

/** `commandTimeout`: milliseconds after which a command counts as unanswered; it may still run later. */
export function createClient(address: RedisAddress, tls: RedisTls, commandTimeout: number): Client {
  const common = {
    protocol: 2 as const,
    connectionName: 'wallet-bridge',
    disableClientInfo: true,
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    commandTimeout,
    // A connection that swallows commands is given up, after their one repeat had its chance.
    socketTimeout: 2 * commandTimeout,
    connectTimeout: 2 * commandTimeout,
    keepAlive: 10_000,
    autoResendUnfulfilledCommands: false,
    // Anything above 0 leaves commands in flight unanswered until the next connection is made.
    maxRetriesPerRequest: 0,
    // Its own check prints to the console what Redis said, and ends where INFO is not to be had.
    enableReadyCheck: false,
    // After a failover the old master is a replica: go and find the new one.
    reconnectOnError: (error: Error) => lostMaster.has(refusalCode(error) ?? ''),
  } satisfies CommonRedisOptions;
  const secured = address.isEncrypted ? { tls } : {};
  const alone = { ...common, ...secured, enableOfflineQueue: false, retryStrategy: pause, disconnectTimeout: 500 };
  switch (address.form) {
    case 'single':
      return new Redis({ ...alone, host: address.host, port: address.port, db: address.db });
    case 'sentinel':
      return new Redis({
        ...alone,
        sentinels: [...address.sentinels],
        name: address.name,
        db: address.db,
        ...(address.sentinelUsername !== undefined && { sentinelUsername: address.sentinelUsername }),
        ...(address.sentinelPassword !== undefined && { sentinelPassword: address.sentinelPassword }),
        ...(address.isEncrypted && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
        sentinelCommandTimeout: commandTimeout,
        sentinelRetryStrategy: pause,
        // Told of a new master at once, also where the old one lives on and nobody can reach it.
        failoverDetector: true,
      });
    case 'cluster':
      return new Cluster([...address.hosts], {
        redisOptions: { ...common, ...secured },
        enableOfflineQueue: false,
        clusterRetryStrategy: pause,
        slotsRefreshTimeout: commandTimeout,
        slotsRefreshInterval: 1000,
        // With TLS, nodes are asked for by the names they announce, which stand in their certificates.
        ...(address.isEncrypted && {
          dnsLookup: (host: string, found: (error: null, host: string) => void) => found(null, host),
        }),
      });
  }
}
