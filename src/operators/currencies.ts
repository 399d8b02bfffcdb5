// Which unit this wallet counts its money in. A wrong one is a hundredfold amount, so what neither the
// standard nor the file says is refused when the file is loaded.

import { currencyMeant, minorUnitDecimals } from '../domain/currency.js';
import { didYouMean } from '../yaml/did-you-mean.js';
import type { Report } from '../yaml/diagnostics.js';
import type { OperatorFile } from './schema/operator-file.js';

/**
 * Decimals of the wallet's minor unit by currency: the file's own, else ISO 4217's. Reports currencies that
 * have none, and units of no agent's currency.
 */
export function minorUnits(
  { platform: { agents }, wallet: { currencies } }: OperatorFile,
  report: Report,
): (currency: string) => number | undefined {
  const own = new Map(Object.entries(currencies));
  const unitOf = (currency: string): number | undefined => own.get(currency) ?? minorUnitDecimals(currency);
  for (const [index, { currency }] of agents.entries())
    if (unitOf(currency) === undefined)
      report(
        ['platform', 'agents', index, 'currency'],
        `no currency of ISO 4217; expected a code such as EUR, or its decimals under wallet.currencies${meant(currency, own.keys())}`,
      );
  const used = new Set(agents.map(({ currency }) => currency));
  for (const code of own.keys())
    if (!used.has(code))
      report(['wallet', 'currencies', code], `no agent has this currency; expected one of ${[...used].join(', ')}`, {
        severity: 'warning',
        key: true,
      });
  return unitOf;
}

function meant(currency: string, own: Iterable<string>): string {
  const code = currencyMeant(currency);
  return didYouMean(currency, code === undefined ? own : [code, ...own]);
}
