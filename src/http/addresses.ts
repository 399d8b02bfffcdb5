// Which addresses a list names: single ones and networks, of IPv4 and IPv6.

import { BlockList, isIP } from 'node:net';

export type Addresses = BlockList;

/** Of a list such as `203.0.113.7, 10.0.0.0/8, 2001:db8::/32`; undefined where it is none. */
export function readAddresses(list: string): Addresses | undefined {
  const addresses = new BlockList();
  for (const item of list.split(',')) {
    const [, address = '', bits] = /^\s*([^\s/]+?)(?:\/(\d{1,3}))?\s*$/.exec(item) ?? [];
    const family = isIP(address);
    const all = family === 4 ? 32 : 128;
    const prefix = Number(bits ?? all);
    if (family === 0 || prefix > all) return undefined;
    addresses.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return addresses;
}

/** Whether it is one of them. What is no address is none of them; an IPv4 address may be written as IPv6. */
export function holds(addresses: Addresses, address = ''): boolean {
  // Behind a percent sign stands the interface of a link-local one.
  const [bare = ''] = address.split('%');
  const family = isIP(bare);
  return family !== 0 && addresses.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

const loopback = readAddresses('127.0.0.0/8, ::1');

/** Whether nobody but this machine reaches it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || (loopback !== undefined && holds(loopback, host));
}
