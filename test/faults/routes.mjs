// Why: loaded into a replica before everything else, it is the replica's network: what Sentinels and a Cluster
// name are the addresses of Redis' own nodes, and connections to those go through this replica's faulty links
// instead. Never: changes what is sent, or where anything else connects.
import { Socket } from 'node:net';

/** @type {Readonly<Record<string, number>>} */
const routes = JSON.parse(process.env['FAULTS_ROUTES'] ?? '{}');
const connect = Socket.prototype.connect;

/** @param {unknown} to */
function routed(to) {
  if (typeof to !== 'object' || to === null || !('port' in to)) return to;
  const port = routes[String(to.port)];
  return port === undefined ? to : { ...to, port };
}

Object.assign(Socket.prototype, {
  /** @this {Socket} @param {unknown[]} how */
  connect(...how) {
    const [first] = how;
    // Node hands itself a list of what it was called with, which it knows again by a mark of its own.
    if (Array.isArray(first)) first[0] = routed(first[0]);
    else how[0] = routed(first);
    return Reflect.apply(connect, this, how);
  },
});
