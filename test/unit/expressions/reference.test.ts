// What the documentation of the language is printed from: it must be true, and leave nothing out.

import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import { writeJson } from '../../../src/codecs/json.js';
import { compile } from '../../../src/expressions/expressions.js';
import { describeFunctions, describeOperators, language } from '../../../src/expressions/functions/functions.js';
import { describeNames } from '../../../src/expressions/name-rows.js';
import type { Place } from '../../../src/expressions/scope.js';
import { declared, problemsOf, request, scopeWith } from '../../support/expressions.js';

const pem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

function resultOf(expression: string): string {
  const { template, problems } = compile(`\${${expression}}`, request, { ...declared, secrets: ['pem'] }, 'any');
  if (template === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return writeJson(template.evaluate(scopeWith({}, { secrets: { pem } })));
}

describe('an example of', () => {
  test.each([...describeFunctions(), ...describeOperators()])(
    '$name comes out as it says: $example',
    ({ example, result }) => {
      expect(resultOf(example)).toBe(result);
    },
  );

  test.each(describeFunctions())('$name shows it', ({ name, example }) => {
    expect(example).toMatch(new RegExp(`\\b${name}\\(`));
  });
});

describe('every function', () => {
  const functions = describeFunctions();

  test('is described once, with all its forms', () => {
    const names = functions.map(({ name }) => name);

    expect(names).toHaveLength(new Set(names).size);
    expect(new Set(names)).toEqual(new Set([...language.functions, ...language.methods]));
    expect(functions.filter(({ forms }) => forms.length === 0)).toEqual([]);
    for (const { name, forms } of functions)
      for (const form of forms) expect(form).toMatch(new RegExp(`^(?:.+\\.)?${name}\\(.*\\) → .`));
  });

  test('is said in sentences', () => {
    for (const { sentence } of [...functions, ...describeOperators()]) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  test('that the library brings has each form the library has, and no other', () => {
    const counted = (name: string, takes: number, isMethod: boolean) => `${isMethod ? '.' : ''}${name}/${takes}`;
    const brought = [...language.rows].flatMap(([name, { forms }]) =>
      Object.entries(forms).flatMap(([form, body]) => {
        const [, types = ''] = /\((.*)\)/.exec(form) ?? [];
        const takes = types === '' ? 0 : types.split(', ').length;
        return body === 'brought' ? [counted(name, takes, !form.startsWith(`${name}(`))] : [];
      }),
    );
    const library = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })
      .getDefinitions()
      .functions.filter(({ name, receiverType }) =>
        (receiverType === null ? language.functions : language.methods).has(name),
      )
      .map(({ name, params, receiverType }) => counted(name, params.length, receiverType !== null));

    expect(new Set(brought)).toEqual(new Set(library));
  });

  test('is shown in the words of the messages', () => {
    const forms = Object.fromEntries(functions.map(({ name, forms }) => [name, forms]));

    expect(forms['hmac']).toEqual(['hmac(text, text or bytes, text or bytes) → bytes']);
    expect(forms['upper']).toEqual(['upper(text) → text', 'text.upper() → text']);
    expect(forms['sorted']).toEqual(['sorted(list) → list', 'sorted(map) → map']);
    expect(forms['format']).toEqual(['now.format(text, text) → text']);
    expect(forms['fromMinor']).toEqual([
      'money.fromMinor(text or integer or number) → Money',
      'money.fromMinor(text or integer or number, text) → Money',
    ]);
  });
});

describe('every name', () => {
  const names = describeNames();
  const operations = ['getBalance', 'withdraw', 'deposit', 'betWin', 'closeRound', 'undo', 'lookup'] as const;
  const kinds = ['withdraw', 'deposit', 'betWin'] as const;

  test.each(names)('$name exists where it says, and nowhere else', ({ name, type, operations: own, about, only }) => {
    const probe = `\${${type === 'map' && !name.includes('.') ? `[${name}]` : name} == null}`;
    const isKnown = (place: Place): boolean =>
      !problemsOf(probe, place, 'kept').some((problem) =>
        /unknown name|exists only|there is no|may not|not there yet|is not (?:a|on|known)/.test(problem),
      );
    expect(isKnown({ kind: 'reference' })).toBe(only === 'reference');
    for (const operation of operations)
      for (const undoOf of kinds) {
        const isHad = own.includes(operation) && (about?.includes(undoOf) ?? true);
        const place = { operation, undoOf, format: 'soap' } as const;

        expect(isKnown({ kind: 'request', ...place })).toBe(isHad && (only === undefined || only === 'request'));
        expect(isKnown({ kind: 'reply', ...place })).toBe(isHad && (only === undefined || /reply|soap/.test(only)));
      }
  });

  test('is said in sentences, and stands once', () => {
    for (const { sentence } of names) expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(names).toHaveLength(new Set(names.map(({ name }) => name)).size);
  });

  test('is shown as it is written', () => {
    expect(names).toContainEqual({
      name: 'request.?gameID',
      type: 'text',
      operations,
      sentence: expect.stringContaining('The game'),
    });
    expect(names).toContainEqual({
      name: 'original.betAmount',
      type: 'Money',
      operations: ['undo', 'lookup'],
      about: ['betWin'],
      sentence: expect.any(String),
    });
    expect(names.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['round.?bet.?receipt', 'response.fault', 'secrets', 'id']),
    );
  });
});
