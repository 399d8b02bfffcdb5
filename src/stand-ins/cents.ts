// The witnesses' own money: whole cents in a bigint. Written apart from the bridge's money code on purpose,
// so that a mistake there cannot hide itself here. Must never pass through a binary float.

/** Cents of a decimal text with exactly two decimals, such as `12.30` or `-0.05`; null for anything else. */
export function readCents(text: unknown): bigint | null {
  return typeof text === 'string' && /^-?\d+\.\d\d$/.test(text) ? BigInt(text.replace('.', '')) : null;
}

/** The same for an amount that must be one: throws on any other text. */
export function parseCents(text: string): bigint {
  const cents = readCents(text);
  if (cents === null) throw new Error(`not an amount with two decimals: ${JSON.stringify(text)}`);
  return cents;
}

/** The decimal text of an amount in cents, always with two decimals. */
export function formatCents(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
