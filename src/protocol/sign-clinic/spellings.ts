// How a sign's bytes may be written. Only the first is right; another one does not verify whatever it was made
// of, and what it was made of is looked into all the same.

export interface Spelling {
  /** Absent: as it should be. */
  readonly wrong?: { readonly name: string; readonly says: string };
  readonly read: (sign: string) => Buffer | undefined;
}

/** From MD5 to SHA-512. */
const digits = /^(?:[0-9a-f]{2}){16,64}$/i;
const fromHex = (text: string): Buffer | undefined => (digits.test(text) ? Buffer.from(text, 'hex') : undefined);
const expected = 'expected 64 upper-case hex digits and nothing else';

export const spellings: readonly Spelling[] = [
  { read: (sign) => (sign === sign.toUpperCase() ? fromHex(sign) : undefined) },
  { wrong: { name: 'lowerCase', says: `the sign is in lower case; ${expected}` }, read: fromHex },
  {
    wrong: { name: 'decorated', says: `the sign has white space, a prefix or dashes in it; ${expected}` },
    read: (sign) =>
      fromHex(
        sign
          .trim()
          .replace(/^(?:0x|(?:hmac-?)?sha-?256[=:])/i, '')
          .replaceAll(/[-: ]/g, ''),
      ),
  },
  {
    wrong: { name: 'base64', says: `the sign is in Base64; ${expected}` },
    read: (sign) => (/^[\w+/-]{22,88}={0,2}$/.test(sign.trim()) ? Buffer.from(sign.trim(), 'base64') : undefined),
  },
];

export const unreadable = { name: 'noDigits', says: `the sign is none, whatever it was made of; ${expected}` };
