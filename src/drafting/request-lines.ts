// The lines of a drafted request: its path and its body, with what was recognised put in. What one sample cannot
// show of a win, or of another bet, is marked.

import type { Recogniser, Value } from './recognise.js';
import { block, bodyOf, flatFields, literal, mapExpression, scalar, xmlTemplate } from './sample-body.js';
import type { SampleSign } from './sample-sign.js';
import type { SentSample } from './sent-sample.js';
import { quoted } from './yaml-text.js';

/** What a constant of the sample is marked with, in a bet and in a win. */
export const inSample = '# as in the sample';
export const inBet = '# as in the bet: say what a win has';

interface BodyLines {
  readonly format: 'json' | 'form' | 'text';
  /** What a body of text needs said: the bridge would call it plain. */
  readonly contentType?: string;
  /** Settings and vars that it reads. */
  readonly above: readonly string[];
  readonly lines: (isBet: boolean) => readonly string[];
}

export function bodyLines(sample: SentSample, sign: SampleSign | undefined, seen: Recogniser): BodyLines {
  const { format, value } = bodyOf(sample.body);
  if (value === undefined) return { format: 'json', above: [], lines: () => [] };
  if (format === 'json' || format === 'form') {
    const fields = flatFields(value);
    if (sign?.at === 'body' && sign.expression !== undefined && fields !== undefined)
      return { format, ...signedBody(fields, { ...sign, expression: sign.expression }, seen) };
    const lines = ['      body:', ...block(value, '        ', seen)];
    return { format, above: [], lines: () => lines };
  }
  const isXml = format !== 'text';
  const { text, guessed } = isXml ? xmlTemplate(sample.body, seen) : { text: literal(sample.body), guessed: [] };
  const note = guessed.length === 0 ? '' : `guessed: ${guessed.join(', ')}; the rest is `;
  const [, contentType = isXml ? 'text/xml; charset=utf-8' : undefined] =
    sample.headers.find(([name]) => /^content-type$/i.test(name)) ?? [];
  return {
    format: 'text',
    ...(contentType !== undefined && { contentType }),
    above: [],
    lines: (isBet) => [
      note === ''
        ? `      body: ${quoted(text)} ${inSample}`
        : `      body: ${quoted(text)} # ${note}${(isBet ? inSample : inBet).slice('# '.length)}`,
    ],
  };
}

/** A sign in the body it signs: the fields stand in a var, and what is the sample's own in settings, each marked. */
function signedBody(
  fields: readonly (readonly [string, unknown])[],
  sign: SampleSign & { readonly expression: string },
  seen: Recogniser,
): Pick<BodyLines, 'above' | 'lines'> {
  const own = fields.filter(([name]) => name !== sign.name);
  const bet = mapExpression(own, seen, 'withdraw');
  const win = mapExpression(own, seen, 'deposit');
  const differs = bet.constants.length > 0;
  const settings = (place: string, note: string): string[] => [
    `  ${place}:`,
    ...bet.constants.map(([name, value]) => `    ${quoted(name)}: ${scalar(value, {})} ${note}`),
  ];
  const varOf = (name: string, { expression, guessed }: typeof bet): string[] => [
    `  ${name}: >-${guessed.length === 0 ? '' : ` # guessed: ${guessed.join(', ')}`}`,
    `    \${${expression}}`,
  ];
  const made = (name: string): string[] => [
    '      body: >-',
    `        \${vars.fields + {${JSON.stringify(sign.name)}: ${sign.expression}}}`.replaceAll(
      'vars.fields',
      `vars.${name}`,
    ),
  ];
  return {
    above: [
      ...(differs ? ['settings:', ...settings('withdraw', inSample), ...settings('deposit', inBet)] : []),
      'vars:',
      ...varOf('fields', bet),
      ...(differs ? varOf('winFields', win) : []),
    ],
    lines: (isBet) => made(isBet || !differs ? 'fields' : 'winFields'),
  };
}

/** The path, with what is known put in. */
export function pathOf(url: URL, seen: Recogniser): { readonly text: string; readonly isGuessed: boolean } {
  const pieces = decodeURI(url.pathname)
    .split('/')
    .map((piece): [string, Value] => [piece, seen.pieceOf(piece)]);
  const text = pieces.map(([piece, { expression }]) =>
    expression === undefined
      ? literal(encodeURI(piece))
      : `\${${expression}${expression.includes('.?') ? '.orValue("")' : ''}}`,
  );
  return { text: text.join('/'), isGuessed: pieces.some(([, { note }]) => note === 'guessed') };
}

/** Where a win most likely goes: the opposite word. The path of the bet would take the win from the player. */
export function winPath(path: string): string {
  const opposites: readonly (readonly [RegExp, string])[] = [
    [/debit/i, 'credit'],
    [/withdraw(al)?/i, 'deposit'],
    [/(?<=\/)bet/i, 'win'],
    [/wager/i, 'win'],
    [/stake/i, 'payout'],
  ];
  const found = opposites.find(([word]) => word.test(path));
  return found === undefined ? '/say-where-a-win-goes' : path.replace(found[0], found[1]);
}
