// Where a wallet is reached. The address decides who gets the player's money, so it comes whole from the file
// or the environment, carries no credentials and never depends on a callback.

import type { Report } from '../yaml/diagnostics.js';
import type { OperatorFile } from './schema/operator-file.js';
import { variableCalled, type Surroundings } from './secrets.js';
import type { Path } from '../yaml/tree.js';

type WrittenUrl = OperatorFile['wallet']['baseUrl'];

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Undefined where it is not set or not usable, which was then reported. */
export function baseUrlOf(written: WrittenUrl, surroundings: Surroundings, report: Report): URL | undefined {
  const path = ['wallet', 'baseUrl'];
  const url = urlOf(path, written, 'wallet', surroundings, report);
  if (url !== undefined && url.search !== '')
    report(path, 'a query in the URL; expected parameters under wallet.request.query');
  return url;
}

/** The same for any server the file names; `whose` says which one. */
export function urlOf(
  path: Path,
  written: WrittenUrl,
  whose: string,
  { env, standIns }: Surroundings,
  report: Report,
): URL | undefined {
  const text = typeof written === 'string' ? written : (env[written.env] ?? '');
  if (text === '' && standIns) return new URL(`https://${whose.replaceAll(' ', '-')}.invalid`);
  if (text === '') {
    const variable = variableCalled(typeof written === 'string' ? undefined : written.env);
    report([...path, 'env'], `${variable} is not set or empty; expected the URL of the ${whose}`);
    return undefined;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    report(path, 'not a URL; expected one that begins with https:// or http://');
    return undefined;
  }
  if (url.username !== '' || url.password !== '')
    report(path, 'credentials in the URL; expected them under secrets and wallet.auth');
  if (url.hash !== '') report(path, 'a fragment in the URL; expected it without');
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    report(path, `the way to the ${whose} is not encrypted, so keys can be read on it; expected https://`, {
      severity: 'warning',
    });
  return url;
}
