// Text that is shown to people, cut into what it really is and what stands there instead of a secret.

export interface Span {
  readonly text: string;
  /**
   * `masked`: the name of a secret instead of the secret; `standIn`: computed from a secret that is not set,
   * so the wallet would be sent something else.
   */
  readonly is: 'plain' | 'masked' | 'standIn';
}
export type Marked = readonly Span[];
/** Takes what may be shown to nobody out of a text. */
export type Mark = (text: string) => Marked;

export const textOf = (marked: Marked): string => marked.map(({ text }) => text).join('');
