// One exchange with a wallet as bytes: what is sent, and what came back.

export interface WalletRequest {
  readonly method: string;
  /** Path and query below the wallet's base URL, starting with "/". */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes to send; absent for a request without body. */
  readonly body?: Uint8Array;
  /** What the rules may look back at as `sent`. */
  readonly sent: Readonly<Record<string, unknown>>;
}

export interface WalletReply {
  readonly status: number;
  /** Lower-case names; a repeated header is joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
