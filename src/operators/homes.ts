// Which wallet a file speaks to, as records remember it. What was begun here may be looked for nowhere else,
// whoever the agent is given to later and wherever the address points then.

import { createHash } from 'node:crypto';
import type { Homes } from '../domain/home.js';
import type { Report } from '../yaml/diagnostics.js';
import type { OperatorFile } from './schema/operator-file.js';

/** Short, for every record holds one: 36 bits tell the few origins apart that one agent ever has. */
const digestOf = (origin: string): string => createHash('sha256').update(origin).digest('base64url').slice(0, 6);

/** Reports what `wallet.formerly` names that is no origin. */
export function homesOf({ operator, wallet }: OperatorFile, baseUrl: URL, report: Report): Homes {
  const formerly = new Set<string>();
  for (const [index, text] of wallet.formerly.entries()) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || text.replace(/\/$/, '') !== url.origin)
      report(
        ['wallet', 'formerly', index],
        'not an origin; expected scheme, host and port only, such as https://wallet.example',
      );
    else formerly.add(digestOf(url.origin));
  }
  return { today: { operator, origin: digestOf(baseUrl.origin) }, formerly };
}
