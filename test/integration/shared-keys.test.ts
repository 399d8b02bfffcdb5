// One key for two agents, wherever the two stand, whatever its names are.

import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../src/yaml/diagnostics.js';
import type { LoadOptions } from '../../src/operators/load.js';
import { environment, fileWith, loadTexts } from '../support/operator-text.js';

const key = 'one-key-that-nobody-may-see';
const agent = (agentID: string, keys: string): string => `{ agentID: ${agentID}, currency: EUR, keys: [${keys}] }`;

/** A file with these agents and secrets. */
const fileOf = (operator: string, agents: readonly string[], secrets = '  gsp: { env: KEY }'): string =>
  fileWith(
    ['operator: sound', `operator: ${operator}`],
    [agent('SOUND01', 'gsp'), agents.join(', ')],
    ['  gsp: { env: GSP_KEY }', secrets],
  );

const loaded = (files: Readonly<Record<string, string>>, options: LoadOptions = {}) => {
  const { operators, problems } = loadTexts(files, { env: { ...environment, KEY: key, SAME: key }, ...options });
  const messages = problems.map(formatProblem);
  expect(messages.join()).not.toContain(key);
  return { names: operators.map(({ name }) => name), messages };
};
const oneOfTheOther = (place: string, agentID: string, file: string) =>
  `${place}: the same key as that of agent ${agentID} in ${file}, and one agentID begins with the other, so a callback of one verifies as one of the other; expected a key for each agent`;
const signForBoth = (place: string, agentID: string, file: string) =>
  `${place}: warning: the same key as that of agent ${agentID} in ${file}, so who learns one can sign for both; expected a key for each agent`;
const place = (file: string) => expect.stringMatching(new RegExp(`^${file}:4:\\d+ platform.agents`));

describe('one key for two agents', () => {
  test.each([
    ['NORTH', 'NORTH1'],
    ['NORTH1', 'NORTH'],
    ['N', 'NORTH'],
  ])('of %s and %s is refused at the later of two files', (one, other) => {
    const { names, messages } = loaded({
      'a.yaml': fileOf('first', [agent(one, 'gsp')]),
      'b.yaml': fileOf('second', [agent(other, 'gsp')]),
    });

    expect(names).toEqual(['first']);
    expect(messages).toEqual([place('b.yaml')]);
    expect(messages[0]).toContain(oneOfTheOther(' platform.agents[0].keys', one, 'a.yaml'));
  });

  test('is refused within one file, and where its names and sources are two', () => {
    const secrets = '  gsp: { env: KEY }\n  same: { env: SAME }';
    const { names, messages } = loaded({
      'a.yaml': fileOf('first', [agent('NORTH', 'gsp'), agent('NORTH1', 'same')], secrets),
    });

    expect(names).toEqual([]);
    expect(messages).toEqual([expect.stringContaining(oneOfTheOther('.agents[1].keys', 'NORTH', 'this file'))]);
  });

  test.each([
    ['one of several keys', 'gsp, next', 'other, gsp'],
    ['the next key of one and today’s of the other', 'next, gsp', 'gsp'],
  ])('is refused where it is %s', (_what, keys, others) => {
    const secrets = '  gsp: { env: KEY }\n  next: { env: GSP_KEY }\n  other: { env: OTHER_GSP_KEY }';
    const { names, messages } = loaded({
      'a.yaml': fileOf('first', [agent('NORTH', keys)], secrets),
      'b.yaml': fileOf('second', [agent('NORTH1', others)], secrets),
    });

    expect(names).toEqual(['first']);
    expect(messages).toContainEqual(expect.stringContaining(oneOfTheOther('.keys', 'NORTH', 'a.yaml')));
  });

  test('is refused where HMAC makes one key of two texts', () => {
    const readFile = (path: string): string => ({ ...files, '/key': `${key}\0` })[path] ?? '';
    const files = {
      'a.yaml': fileOf('first', [agent('NORTH', 'gsp')]),
      'b.yaml': fileOf('second', [agent('NORTH1', 'gsp')], '  gsp: { file: /key }'),
    };

    expect(loaded(files, { readFile }).names).toEqual(['first']);
  });

  test('is a warning where no name begins with the other, and an error beside an agent of that kind', () => {
    const { names, messages } = loaded({
      'a.yaml': fileOf('first', [agent('NORTH', 'gsp'), agent('SOUTH', 'gsp')]),
      'b.yaml': fileOf('second', [agent('SOUTH1', 'gsp')]),
    });

    expect(names).toEqual(['first']);
    expect(messages).toEqual([
      expect.stringContaining(signForBoth('.agents[1].keys', 'NORTH', 'this file')),
      expect.stringContaining(oneOfTheOther('.agents[0].keys', 'SOUTH', 'a.yaml')),
    ]);
  });

  test('is no problem where there are two keys, or one agent has it twice', () => {
    const secrets = '  gsp: { env: KEY }\n  same: { env: SAME }\n  mine: { env: GSP_KEY }';
    const { messages } = loaded({
      'a.yaml': fileOf('first', [agent('NORTH', 'gsp, same'), agent('NORTH1', 'mine')], secrets),
    });

    expect(messages).toEqual([]);
  });
});

describe('without secrets', () => {
  const options = { env: {}, standIns: true };

  test('one source is one key', () => {
    const { messages } = loaded(
      {
        'a.yaml': fileOf('first', [agent('NORTH', 'gsp')]),
        'b.yaml': fileOf('second', [agent('NORTH1', 'mine')], '  mine: { env: KEY }'),
      },
      options,
    );

    expect(messages).toEqual([expect.stringContaining(oneOfTheOther('.keys', 'NORTH', 'a.yaml'))]);
  });

  test('one name with two sources is two keys, of any length', () => {
    const { messages } = loaded(
      {
        'a.yaml': fileOf('first', [agent('NORTH', 'gsp')]),
        'b.yaml': fileOf('second', [agent('NORTH1', 'gsp')], '  gsp: { env: K }'),
        'c.yaml': fileOf('third', [agent('NORTH11', 'gsp')], '  gsp: { file: K }'),
      },
      options,
    );

    expect(messages).toEqual([]);
  });
});
