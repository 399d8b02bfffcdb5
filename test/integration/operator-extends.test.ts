// An operator's file over a preset: what comes from where, who is asked for what, and where a mistake is
// shown.

import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { questionOf } from '../../src/operators/extends.js';
import { presetNames, readPreset } from '../../src/operators/presets.js';
import { find, parseYaml, type Tree } from '../../src/yaml/tree.js';
import { atOnce } from '../../src/operators/turns.js';
import { runExamples } from '../../src/commands/check/run-examples.js';
import { environment, operatorOf, problemsOf } from '../support/operator-text.js';

const extending = (more = '', preset = 'generic-json', secrets = '  signKey: { env: WALLET_TOKEN }\n') => `version: 1
operator: extending
extends: ${preset}
platform:
  agents: [{ agentID: EXTENDING01, currency: EUR, keys: [gsp] }]
secrets:
  gsp: { env: GSP_KEY }
${secrets}${more.includes('wallet:') ? '' : 'wallet: { baseUrl: https://wallet.example }\n'}${more}`;

const fileOf = (more?: string) => operatorOf(extending(more)).file;
const preset = 'generic-json';

function treeOf(name: string): Tree {
  const { tree, mistakes } = atOnce(parseYaml(readPreset(name).text));
  if (tree === undefined || mistakes.length > 0) throw new Error(`the preset ${name} is no YAML`);
  return tree;
}

describe('what comes from where', () => {
  test('everything the file does not say is the preset’s', () => {
    const { wallet, operations, errors, examples } = fileOf();

    expect({ applied: wallet.applied, repeatable: wallet.repeatable, url: wallet.baseUrl }).toEqual({
      applied: expect.stringContaining('response.body.status == "OK"'),
      repeatable: 'successes',
      url: 'https://wallet.example',
    });
    expect(operations.withdraw.request).toMatchObject({ path: '/bet', body: { transactionId: '${reference}' } });
    expect([errors.length, examples.length]).toEqual([3, 13]);
  });

  test('maps merge key by key, null removes, a list replaces', () => {
    const { operations, examples, wallet } = fileOf(
      'operations: { withdraw: { request: { path: /v9/bet, body: { roundId: null, shop: main } }, repeatable: no } }\n' +
        'examples: []\nwallet: { baseUrl: https://other.example, applied: "${response.status == 201}" }\n',
    );

    expect(operations.withdraw).toMatchObject({ repeatable: 'no', request: { path: '/v9/bet' } });
    expect(Object.keys(operations.withdraw.request.body as object)).toEqual([
      'playerId',
      'currency',
      'amount',
      'transactionId',
      'shop',
    ]);
    expect(operations.deposit.request.path).toBe('/win');
    expect([examples, wallet.applied]).toEqual([[], '${response.status == 201}']);
  });

  test('of error rules the own ones come first, at every level', () => {
    const rule = '[{ when: \'${response.body.status == "OWN"}\', result: wrongInput }]';
    const { errors, operations } = fileOf(`errors: ${rule}\noperations: { rollback: { errors: ${rule} } }\n`);

    expect(errors.map(({ result }) => result)).toEqual([
      'wrongInput',
      'insufficientFunds',
      'userNotFound',
      'generalError',
    ]);
    expect(operations.rollback).toMatchObject({
      errors: [{ result: 'wrongInput' }, { result: 'alreadyRolledBack' }, { result: 'notFound' }],
    });
  });

  test('an answer takes the place of the question, a map too', () => {
    const text = extending('settings: { game: { code: a } }\n', 'softswiss', '  authToken: { env: WALLET_TOKEN }\n');

    expect(operatorOf(text).file.settings['game']).toEqual({ code: 'a' });
  });
});

describe('where a mistake is shown', () => {
  test('in the operator’s own lines, where it is his', () => {
    const rule = '${response.body.status == "A" && requst.userID == "b"}';

    expect(problemsOf(extending(`errors:\n  - { when: '${rule}', result: wrongInput }\n`))).toEqual([
      '11:47 errors[0].when: unknown name "requst" – did you mean "request"?',
    ]);
  });

  test('in the preset’s, where the operator took away what its line needs', () => {
    const { file } = readPreset('softswiss');
    const secrets = '  authToken: { env: WALLET_TOKEN }\n';

    const problems = problemsOf(extending('settings: { game: g }\nvars: null\n', 'softswiss', secrets));

    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith(`${file}:`))).toBe(true);
    expect(problems[0]).toMatch(/vars\.game is not declared/);
  });

  test('everything not answered is asked for in one run, together with the rest', () => {
    const text = extending("errors: [{ when: '${response.bdy == 1}', result: wrongInput }]\n", 'tom-horn', '');

    expect(problemsOf(text).map((problem) => problem.split(';')[0])).toEqual([
      '3:10 settings.partnerID: not set',
      '3:10 settings.gameModule: not set',
      '6:1 secrets.signKey: not set',
      '9:30 errors[0].when: response.bdy is not a part of the reply (has: status, headers, body, text) – did you mean "body"?',
    ]);
  });

  test('an example of the preset that own rules make something else of is only a warning', () => {
    const own = '[{ when: \'${response.body.status == "INSUFFICIENT_FUNDS"}\', result: wrongInput }]';
    const { file } = readPreset(preset);

    const problems = problemsOf(extending(`errors: ${own}\n`), { inspect: runExamples });

    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith(`${file}:`) && problem.includes('warning: '))).toBe(true);
    expect(problems.join('\n')).toContain('expected result insufficientFunds');
  });
});

describe('hub88', () => {
  test.each([
    ['true', 'duplicate'],
    ['false', 'unknown'],
  ])('with duplicateMeansTaken: %s takes a repeat that is called a duplicate as %s', (means, outcome) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const env = { ...environment, RSA_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    const more = `settings: { gameCode: g, duplicateMeansTaken: ${means} }
examples:
  - operation: withdraw
    reply: { status: 200, body: { status: RS_ERROR_DUPLICATE_TRANSACTION } }
    expect: { outcome: ${outcome} }
`;

    const text = extending(more, 'hub88', '  privateKey: { env: RSA_KEY }\n');

    expect(problemsOf(text, { env, inspect: runExamples })).toEqual([]);
  });
});

describe('a preset', () => {
  test.each(presetNames())('%s names no operator, no agent, no place and no other preset', (name) => {
    const tree = treeOf(name);

    for (const path of [['operator'], ['platform'], ['extends'], ['wallet', 'baseUrl']])
      expect(find(tree, path)).toBeUndefined();
  });

  test.each(presetNames())('%s asks for what is secret, and says so in a sentence', (name) => {
    const secrets = find(treeOf(name), ['secrets']);
    const questions = secrets?.kind === 'map' ? [...secrets.entries.values()].map(questionOf) : [];

    expect(questions.length).toBeGreaterThan(0);
    for (const question of questions) expect(question).toMatch(/^the .{15,}/);
  });
});
