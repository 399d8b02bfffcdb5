// What a run found: how often each rule was broken, and the first few times with what was sent and what came
// back. Bounded, however long a run is, and without anything secret: a finding is made to be passed on.
import type { Answer } from '../platform-post.js';
import type { Note, Rule } from './rules.js';

/** One delivery and what came back for it. */
export interface Exchange {
  /** The path's last segment; the method before it where it is no POST. */
  readonly what: string;
  readonly body: string;
  readonly answer: Answer;
}

export interface Finding {
  /** The scene it was found in. */
  readonly scene: string;
  readonly why: string;
  readonly sent: string;
  readonly came: string;
}

interface Found {
  count: number;
  readonly examples: Finding[];
}

const EXAMPLES_AT_MOST = 3;
const LONGEST_QUOTE = 400;

export class Findings {
  readonly #broken = new Map<Rule, Found>();
  readonly #noted = new Map<Note, Found>();

  constructor(private readonly key: string) {}

  broken(rule: Rule, scene: string, why: string, exchange?: Exchange): void {
    this.#add(this.#broken, rule, scene, why, exchange);
  }

  noted(note: Note, scene: string, why: string, exchange: Exchange): void {
    this.#add(this.#noted, note, scene, why, exchange);
  }

  /** How many times any rule was broken so far. */
  get count(): number {
    return [...this.#broken.values()].reduce((sum, { count }) => sum + count, 0);
  }

  get rules(): ReadonlyMap<Rule, Readonly<Found>> {
    return this.#broken;
  }

  get notes(): ReadonlyMap<Note, Readonly<Found>> {
    return this.#noted;
  }

  #add<T>(all: Map<T, Found>, one: T, scene: string, why: string, exchange: Exchange | undefined): void {
    const found = all.get(one) ?? { count: 0, examples: [] };
    all.set(one, found);
    found.count += 1;
    if (found.examples.length >= EXAMPLES_AT_MOST) return;
    const sent = exchange === undefined ? '' : `${exchange.what} ${exchange.body}`.trimEnd();
    const came = exchange === undefined ? '' : inWords(exchange.answer);
    found.examples.push({ scene, why, sent: this.#quoted(sent), came: this.#quoted(came) });
  }

  // A service may echo what it was sent, or worse.
  #quoted(text: string): string {
    const masked = (this.key === '' ? text : text.replaceAll(this.key, '…')).replaceAll(/[0-9a-f]{64}/gi, '…');
    const plain = masked.replaceAll(/\p{Cc}+/gu, ' ');
    return plain.length > LONGEST_QUOTE ? `${plain.slice(0, LONGEST_QUOTE)}…` : plain;
  }
}

function inWords({ httpStatus, contentType, raw, failure, ms }: Answer): string {
  const parts = [
    ...(httpStatus === null ? [] : [`HTTP ${httpStatus} ${contentType ?? 'without Content-Type'} ${raw}`.trimEnd()]),
    ...(failure === null ? [] : [failure]),
  ];
  return `${parts.join('; ')} (${Math.round(ms)} ms)`;
}
