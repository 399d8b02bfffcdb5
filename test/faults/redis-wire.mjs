// Why: what passes between a replica and Redis, as whole messages, so that a fault can be aimed at one of
// them.
// Never: changes a byte.

/** @import { Transaction } from '../../src/domain/transaction.js' */
/** @import { TransactionKey } from '../../src/domain/ports.js' */

/**
 * @typedef {Pick<typeof import('../../src/journal/keys.js'), 'keyOfRecord'> & Pick<typeof
 * import('../../src/journal/record-codec.js'), 'decodeRecord'>} RecordFormat
 */
/**
 * A record on its way to Redis. `expected`: the revision it replaces; `notAfter`: the last instant at which
 * its writer allows it.
 * @typedef {{ key: TransactionKey, writeId: string, expected: number, notAfter: number, transaction: Transaction }} Put
 */

const LINE_END = Buffer.from('\r\n');

/**
 * Cuts a stream of RESP2 into its messages: give it bytes as they come, and it gives those that are whole by
 * now.
 */
export function messageCutter() {
  let rest = Buffer.alloc(0);
  /** @param {Uint8Array} bytes */
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const whole = [];
    for (let message = readMessage(rest, 0); message !== undefined; message = readMessage(rest, 0)) {
      whole.push({ bytes: rest.subarray(0, message.end), value: message.value });
      rest = rest.subarray(message.end);
    }
    return whole;
  };
}

/**
 * The message that begins at `from`, and where it ends; undefined while some of it is still to come. Errors
 * are read as texts.
 * @param {Buffer} buffer
 * @param {number} from
 * @returns {{ value: unknown, end: number } | undefined}
 */
function readMessage(buffer, from) {
  const lineEnd = buffer.indexOf(LINE_END, from);
  if (lineEnd === -1) return undefined;
  const line = buffer.toString('utf8', from + 1, lineEnd);
  const next = lineEnd + LINE_END.length;
  switch (buffer.toString('latin1', from, from + 1)) {
    case '$': {
      if (line === '-1') return { value: null, end: next };
      const end = next + Number(line);
      if (buffer.length < end + LINE_END.length) return undefined;
      return { value: buffer.toString('utf8', next, end), end: end + LINE_END.length };
    }
    case '*': {
      /** @type {unknown[]} */
      const value = [];
      let end = next;
      for (let left = Number(line); left > 0; left -= 1) {
        const part = readMessage(buffer, end);
        if (part === undefined) return undefined;
        value.push(part.value);
        end = part.end;
      }
      return { value: line === '-1' ? null : value, end };
    }
    case ':':
      return { value: Number(line), end: next };
    case '+':
    case '-':
      return { value: line, end: next };
    default:
      throw new Error(`not a message of Redis: ${line.slice(0, 40)}`);
  }
}

/** @param {unknown} command */
export const isWait = (command) => Array.isArray(command) && /^wait$/i.test(String(command[0]));

/**
 * A command that stores a record, or undefined for every other. The format is that of the build under test.
 * @param {unknown} command
 * @param {RecordFormat} format
 * @returns {Put | undefined}
 */
export function putIn(command, { keyOfRecord, decodeRecord }) {
  const [name, , keyCount, ...rest] = Array.isArray(command) ? command.map(String) : [];
  const [record] = rest;
  if (!/^eval(sha)?$/i.test(name ?? '') || record === undefined || !/^wb:\{b-..\}:tx:/.test(record)) return undefined;
  const [, text = '', byName = '{}'] = rest.slice(Number(keyCount));
  if (text === '') return undefined;
  const key = keyOfRecord(record);
  const { expected, writeId, notAfter } = JSON.parse(byName);
  return { key, expected, writeId, notAfter, transaction: decodeRecord(key, text) };
}
