// The credentials every request of an operator carries, prepared once at load. They are secrets: nothing here
// may be logged.

/** One thing that says who is calling. Nobody can prepare it without saying what people see in its place. */
export interface Credential {
  readonly in: 'header' | 'query';
  readonly name: string;
  /** What stands before it and hides nothing, such as `Bearer `. */
  readonly scheme?: string;
  /**
   * What is sent and nobody may see; undefined: it is had when the request is sent, so no mapping may set it.
   */
  readonly hidden: string | undefined;
  readonly shown: `‹${string}›`;
}

/** What of them a mapping puts into each request. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** A header that is put on when the request is sent, so that no mapping may set it. */
  readonly later?: string;
}

export function carried(prepared: readonly Credential[]): Credentials {
  const at = (place: Credential['in']): Record<string, string> =>
    Object.fromEntries(
      prepared.flatMap(({ in: own, name, scheme = '', hidden }) =>
        own === place && hidden !== undefined ? [[name, scheme + hidden]] : [],
      ),
    );
  const later = prepared.find(({ hidden }) => hidden === undefined);
  return { headers: at('header'), query: at('query'), ...(later && { later: later.name }) };
}
