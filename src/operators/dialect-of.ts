// The dialect an operator file names, as its vendor speaks it.

import { dialects } from '../protocol/dialects.js';
import type { Dialect } from '../protocol/dialects/dialect.js';
import type { Report } from '../yaml/diagnostics.js';
import type { OperatorFile } from './schema/operator-file.js';

export function dialectOf({ dialect: name, signsGameID }: OperatorFile['platform'], report: Report): Dialect {
  const dialect = dialects[name];
  if (signsGameID === undefined) return dialect;
  const { withoutGameInSigns = dialect } = dialect;
  if (withoutGameInSigns === dialect) {
    const others = Object.entries(dialects).filter(([, { signsGameID: signs }]) => signs);
    report(
      ['platform', 'signsGameID'],
      `no sign of the dialect ${name} has a gameID; expected this key only with dialect: ${others.map(([other]) => other).join(', ')}`,
      { key: true },
    );
  }
  return signsGameID ? dialect : withoutGameInSigns;
}
