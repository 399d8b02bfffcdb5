// What stands between values in an expression, for people. What it does to amounts and exact numbers is said
// with those; the rest is the library's.

import type { FunctionRow } from './function-row.js';

type OperatorRow = Pick<FunctionRow, 'sentence' | 'example'>;

export const operators: Readonly<Record<string, OperatorRow>> = {
  'a + b': {
    sentence: 'A sum; texts, bytes or lists in a row, text and bytes as bytes; maps as one, a name in its first place.',
    example: { expression: '{"b": 1, "a": 2} + {"b": 3}', result: '{"b":3,"a":2}' },
  },
  'a - b, -a': {
    sentence: 'The difference of amounts, integers or exact numbers, and the same value below zero.',
    example: { expression: '(-request.amount).minor()', result: '-1230' },
  },
  'a * b': {
    sentence: 'The product of integers; an amount or a number with a fraction has none.',
    example: { expression: '2 * 3', result: '6' },
  },
  'a / b, a % b': {
    sentence: 'Of integers only, and cut towards zero: what is left over is lost by / and given by %.',
    example: { expression: '[7 / 2, -7 / 2, 7 % 2]', result: '[3,-3,1]' },
  },
  'a == b, a != b': {
    sentence: 'Whether both are the same; a text is never the same as a number, nor an amount as a plain value.',
    example: { expression: '"0" == text(0)', result: 'true' },
  },
  'a < b, a <= b, a > b, a >= b': {
    sentence: 'The order of amounts, of numbers or of texts.',
    example: { expression: 'request.amount >= money.fromMajor("12.30")', result: 'true' },
  },
  'a in b': {
    sentence: 'Whether a list holds the value, or a map the name.',
    example: { expression: 'currency in ["EUR", "SEK"]', result: 'true' },
  },
  'a && b, a || b, !a': {
    sentence: 'Both, one of them, not. A side that cannot be worked out does not matter where the other one decides.',
    example: { expression: 'has(request.gameID) || request.userID == "player-1"', result: 'true' },
  },
  'a ? b : c': {
    sentence: 'The second value where the first is true, else the third, of one kind with it.',
    example: { expression: 'currency == "JPY" ? "yen" : "other"', result: '"other"' },
  },
  'a.b, a["b"]': {
    sentence: 'The field b of a, with any name in the brackets; the expression fails where it is absent.',
    example: { expression: 'sent.body["reference"]', result: '"gsp-tx-1"' },
  },
  'a.?b, a[?"b"]': {
    sentence: 'The same of what may be absent: as the whole value of a key it drops that key; else add .orValue(…).',
    example: { expression: 'request.?gameID.orValue("none")', result: '"none"' },
  },
  'a[0]': {
    sentence: 'An item of a list, counted from 0; the expression fails where there are fewer.',
    example: { expression: '["a", "b"][1]', result: '"b"' },
  },
};
