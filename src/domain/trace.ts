// What follows one thing through several systems, as W3C Trace Context writes it in the header `traceparent`:
//
//   00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
//      the trace                        who calls        whether it is recorded
//
// It says nothing of money and decides nothing. Anybody may send any, so only the exact shape counts, and nothing
// else of the header goes on.

export interface Trace {
  /** 32 hex digits. */
  readonly traceID: string;
  /** Whoever began it, or took it on, records it, and so should those who are called. */
  readonly isRecorded: boolean;
}

const shape = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

/** The trace that a header names; undefined where there is none, or it is not as it must be. */
export function readTraceparent(header: string | undefined): Trace | undefined {
  if (header === undefined) return undefined;
  const [, version, traceID, flags = '', more] = shape.exec(header) ?? [];
  // Later versions may say more behind it.
  if (traceID === undefined || (version === '00' && more !== undefined)) return undefined;
  return { traceID, isRecorded: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The header for one call, whose own id is 16 hex digits. */
export function traceparentOf({ traceID, isRecorded }: Trace, callID: string): string {
  return `00-${traceID}-${callID}-${isRecorded ? '01' : '00'}`;
}
