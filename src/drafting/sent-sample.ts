// A request as a vendor gave it, and its reply.

export interface SentSample {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly reply?: { readonly status: number; readonly body: string };
  /** What of it was not taken as it stands. */
  readonly told: readonly string[];
}
export interface Refused {
  readonly because: string;
}

export const headerIn = (line: string): [string, string][] => {
  const [, name, value = ''] = /^([\w-]+):\s*(.*)$/.exec(line.trim()) ?? [];
  return name === undefined ? [] : [[name, value]];
};
