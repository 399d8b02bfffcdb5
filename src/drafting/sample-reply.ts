// What a vendor's sample reply says of a yes, a balance and a receipt, as rules of an operator file, and the
// reply itself as an example.

import { DecimalNumber } from '../codecs/decimal-number.js';
import { textOf } from '../codecs/plain-text.js';
import { quoted } from './yaml-text.js';
import type { SentSample } from './read-sample.js';
import { bodyOf } from './sample-body.js';

export interface ReplyRules {
  readonly format: 'json' | 'text';
  readonly applied: string;
  readonly balance?: string;
  readonly receipt?: string;
  /** Lines of the example it belongs to. */
  readonly example: readonly string[];
}

/** `amount`: the bet's, to tell a balance in cents from one in whole units. */
export function replyLines(reply: SentSample['reply'], amount: string | undefined): ReplyRules {
  if (reply === undefined)
    return {
      format: 'json',
      applied: '${response.status == 200 && response.body.ok == true} # not in the sample: say what is a yes',
      example: [],
    };
  const { format, value } = bodyOf(reply.body);
  const fields = (typeof value === 'object' && value !== null ? Object.entries(value) : []) as [string, unknown][];
  const said = fields.find(
    ([name, one]) => /^(status|ok|success|result|code|error_?code|state)$/i.test(name) && textOf(one) !== undefined,
  );
  const balance = fields.find(([name, one]) => /balance/i.test(name) && /^-?\d+(\.\d+)?$/.test(textOf(one) ?? ''));
  const receipt = fields.find(([name, one]) => /id$|txn?$|receipt|reference/i.test(name) && typeof one === 'string');
  const yes = said === undefined ? '' : ` && ${at(said[0])} == ${literal(said[1])}`;
  const isMinor = balance !== undefined && typeof balance[1] === 'bigint' && /cent|minor/i.test(balance[0]);
  const unit =
    isMinor || (typeof balance?.[1] === 'bigint' && amount !== undefined && !amount.includes('.'))
      ? 'fromMinor'
      : 'fromMajor';
  const isJson = format === 'json';
  return {
    format: isJson ? 'json' : 'text',
    applied: `\${response.status == ${reply.status}${isJson ? yes : ''}}${said === undefined ? ' # guessed: say what in the reply is a yes' : ' # guessed'}`,
    ...(balance !== undefined && isJson && { balance: `\${money.${unit}(${at(balance[0])})}` }),
    ...(receipt !== undefined && isJson && { receipt: `\${${at(receipt[0])}}` }),
    example: [
      '    reply:',
      `      status: ${reply.status}`,
      `      text: ${quoted(reply.body)}`,
      '    expect:',
      '      outcome: applied',
    ],
  };
}

const at = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? `response.body.${name}` : `response.body[${JSON.stringify(name)}]`;
const literal = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : value instanceof DecimalNumber
      ? value.text
      : (textOf(value) ?? 'null');
