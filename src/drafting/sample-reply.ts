// What a vendor's sample reply says of a yes, a balance and a receipt, as rules of an operator file, and the
// reply itself as an example.

import { DecimalNumber } from '../codecs/decimal-number.js';
import type { Format } from '../codecs/codec-of.js';
import { textOf } from '../codecs/plain-text.js';
import { quoted, unquoted } from './yaml-text.js';
import type { SentSample } from './sent-sample.js';
import { bodyOf } from './sample-body.js';

export interface ReplyRules {
  readonly format: Format;
  readonly applied: string;
  /** Each is one `${…}`. */
  readonly balance?: string;
  readonly receipt?: string;
  /** The balance and the no of a wallet that answers so; nobody knows them of a bet's yes. */
  readonly likelyBalance: string;
  readonly likelyNo: string;
  /** Lines of the example it belongs to. */
  readonly example: readonly string[];
}

/** `amount`: the bet's, to tell a balance in cents from one in whole units; `asked`: the request's own format. */
export function replyLines(reply: SentSample['reply'], amount: string | undefined, asked: Format): ReplyRules {
  if (reply === undefined)
    return {
      format: asked === 'xml' || asked === 'soap' ? asked : 'json',
      applied: `\${response.status == 200 && response.body.ok == ${asked === 'xml' || asked === 'soap' ? '"true"' : 'true'}} # not in the sample: say what is a yes`,
      ...likely(asked === 'xml' || asked === 'soap' ? asked : 'json'),
      example: [],
    };
  const { format, value } = bodyOf(reply.body);
  const example = [
    '    reply:',
    `      status: ${reply.status}`,
    `      text: ${quoted(reply.body)}`,
    '    expect:',
    '      outcome: applied',
  ];
  if (format === 'text') return { ...textRules(reply), ...likely('text'), format, example };
  const leaves = leavesOf(value, []);
  const said = leaves.find(
    ([names, one]) => /^(status|ok|success|result|code|error_?code|state)$/i.test(names.at(-1) ?? '') && isText(one),
  );
  const balance = leaves.find(([names, one]) => names.slice(-2).some((name) => /balance/i.test(name)) && isNumber(one));
  const receipt = leaves.find(
    ([names, one]) => /id$|txn?$|receipt|reference/i.test(names.at(-1) ?? '') && typeof one === 'string' && one !== '',
  );
  const yes = said === undefined ? '' : ` && ${at(said[0])} == ${literalOf(said[1])}`;
  const isWhole = /^-?\d+$/.test(textOf(balance?.[1]) ?? '.');
  const isMinor = isWhole && balance?.[0].some((name) => /cent|minor/i.test(name)) === true;
  const isCounted = typeof balance?.[1] === 'bigint' && amount !== undefined && !amount.includes('.');
  const unit = isMinor || isCounted ? 'fromMinor' : 'fromMajor';
  return {
    format,
    applied: `${unquoted(`\${response.status == ${reply.status}${yes}}`)} # guessed${said === undefined ? ': say what in the reply is a yes' : ''}`,
    ...(balance !== undefined && { balance: `\${money.${unit}(${at(balance[0])})}` }),
    ...(receipt !== undefined && { receipt: `\${${at(receipt[0])}}` }),
    ...likely(format),
    example,
  };
}

const likely = (format: Format): Pick<ReplyRules, 'likelyBalance' | 'likelyNo'> =>
  format === 'text'
    ? {
        likelyBalance: '${money.fromMajor(split(response.text, "|")[1])}',
        likelyNo: '${response.text.startsWith("INSUFFICIENT_FUNDS")}',
      }
    : {
        likelyBalance: '${money.fromMajor(response.body.balance)}',
        likelyNo: '${response.body.error == "INSUFFICIENT_FUNDS"}',
      };

/** Of `OK|87.70` the first word is the yes, and a number behind a separator the balance. */
function textRules({ status, body }: NonNullable<SentSample['reply']>): Pick<ReplyRules, 'applied' | 'balance'> {
  const [word = ''] = /^[A-Za-z]+/.exec(body) ?? [];
  const yes = word === '' ? '' : ` && response.text.startsWith(${JSON.stringify(word)})`;
  const [separator] = /[|;,\t\n]/.exec(body) ?? [];
  const place =
    separator === undefined ? -1 : body.split(separator).findIndex((piece) => isNumber(piece) && /\./.test(piece));
  return {
    applied: `\${response.status == ${status}${yes}} # guessed${yes === '' ? ': say what in the reply is a yes' : ''}`,
    ...(place > 0 && {
      balance: `\${money.fromMajor(split(response.text, ${JSON.stringify(separator)})[${place}])}`,
    }),
  };
}

const isText = (value: unknown): boolean => textOf(value) !== undefined;
const isNumber = (value: unknown): boolean => /^-?\d+(\.\d+)?$/.test(textOf(value) ?? '');

type Leaf = readonly [names: readonly string[], value: unknown];

/** Values by where they stand; those higher up come first. Lists have no one place to be read at. */
function leavesOf(value: unknown, names: readonly string[]): readonly Leaf[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || names.length > 4) return [];
  const entries = Object.entries(value);
  return [
    ...entries.filter(([, one]) => isText(one)).map(([name, one]): Leaf => [[...names, name], one]),
    ...entries.filter(([, one]) => !isText(one)).flatMap(([name, one]) => leavesOf(one, [...names, name])),
  ];
}

const at = (names: readonly string[]): string =>
  names.reduce(
    (before, name) => (/^[A-Za-z_]\w*$/.test(name) ? `${before}.${name}` : `${before}[${JSON.stringify(name)}]`),
    'response.body',
  );
const literalOf = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : value instanceof DecimalNumber
      ? value.text
      : (textOf(value) ?? 'null');
