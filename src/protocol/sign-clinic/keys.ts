// Signs of the right text with a wrong key, or with the right one in another form or another function. Keys are
// taken apart here and nowhere else, and nothing of them leaves but which change of one would have matched.

import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Candidate, Patient, SuspicionRow } from './suspicion.js';

type Change = (key: string) => string | Buffer;

/** Each change of our keys, by what it says of the key that the sign was made with. */
function* withKeys({ agent }: Patient, changes: Readonly<Record<string, Change>>): Iterable<Candidate> {
  const own = agent.keys.map((key) => key.export().toString('utf8'));
  for (const [which, change] of Object.entries(changes))
    yield { which, keys: own.map(change).map((key) => (typeof key === 'string' ? Buffer.from(key, 'utf8') : key)) };
}

const whiteSpace: Readonly<Record<string, Change>> = {
  'without the white space around the one in use here': (key) => key.trim(),
  'with a line break at its end': (key) => `${key}\n`,
  'with a line break of Windows at its end': (key) => `${key}\r\n`,
  'with a blank at its end': (key) => `${key} `,
  'with a blank before it': (key) => ` ${key}`,
};
const quotes: Readonly<Record<string, Change>> = {
  'without the quotes around the one in use here': (key) => key.replace(/^(["'])(.*)\1$/s, '$2'),
  'in double quotes': (key) => `"${key}"`,
  'in single quotes': (key) => `'${key}'`,
};
const encodings: Readonly<Record<string, Change>> = {
  'the bytes whose hex digits are in use here': (key) => Buffer.from(/^[0-9a-f]*$/i.test(key) ? key : '', 'hex'),
  'the bytes whose Base64 is in use here': (key) => Buffer.from(key, 'base64'),
  'the hex digits of the one in use here': (key) => Buffer.from(key).toString('hex'),
  'the upper-case hex digits of the one in use here': (key) => Buffer.from(key).toString('hex').toUpperCase(),
  'the Base64 of the one in use here': (key) => Buffer.from(key).toString('base64'),
  'the one in use here in lower case': (key) => key.toLowerCase(),
  'the one in use here in upper case': (key) => key.toUpperCase(),
};

/** Beyond it too much of the process's time would go into one bad sign. */
const mostAgents = 500;

function* withKeysOfOthers({ agent, agents }: Patient): Iterable<Candidate> {
  let looked = 0;
  for (const { agentID, keys } of agents) {
    if (agentID === agent.agentID) continue;
    if ((looked += 1) > mostAgents) return;
    yield { which: agentID, keys };
  }
}

const otherHashes = ['sha1', 'md5', 'sha224', 'sha384', 'sha512'] as const;
const bytesOf = (key: KeyObject | Buffer): Buffer => (Buffer.isBuffer(key) ? key : key.export());

export const ofTheKey: readonly SuspicionRow[] = [
  {
    name: 'otherAgentsKey',
    says: (which) => `it is made with a key of agent ${which}; exchange the keys, or see which agent this game is for`,
    candidates: withKeysOfOthers,
  },
  {
    name: 'keyWhiteSpace',
    says: (which) => `it is made with a key ${which}; make both the same, without white space`,
    candidates: (patient) => withKeys(patient, whiteSpace),
  },
  {
    name: 'keyQuotes',
    says: (which) => `it is made with a key ${which}; make both the same, without quotes`,
    candidates: (patient) => withKeys(patient, quotes),
  },
  {
    name: 'keyEncoding',
    says: (which) => `it is made with another form of the key, ${which}; agree on one: here a key’s text is the key`,
    candidates: (patient) => withKeys(patient, encodings),
  },
  {
    name: 'otherHash',
    says: (which) => `it is made by HMAC-${which}; expected HMAC-SHA256`,
    *candidates() {
      for (const hash of otherHashes)
        yield { which: hash.toUpperCase(), digest: (text, key) => createHmac(hash, key).update(text).digest() };
    },
  },
  {
    name: 'noHmac',
    says: (which) => `it is made by ${which}; expected HMAC-SHA256 of the text with the key`,
    *candidates() {
      const sha256 = (...parts: (string | Buffer)[]): Buffer => {
        const hash = createHash('sha256');
        for (const part of parts) hash.update(part);
        return hash.digest();
      };
      yield { which: 'SHA-256 of the text and then the key', digest: (text, key) => sha256(text, bytesOf(key)) };
      yield { which: 'SHA-256 of the key and then the text', digest: (text, key) => sha256(bytesOf(key), text) };
      yield {
        which: 'HMAC-SHA256 with text and key exchanged',
        digest: (text, key) =>
          createHmac('sha256', createSecretKey(Buffer.from(text)))
            .update(bytesOf(key))
            .digest(),
      };
    },
  },
];
