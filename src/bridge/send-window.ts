// How long a wallet call may still leave. No single clock can be trusted with that: the monotonic one stands
// still while the machine is suspended, the machine's own may be set back, and the journal's is only as fresh
// as its last reply. So all three are asked, and the first that says "over" decides: a call that does not
// leave costs one more look of the resolver, one that leaves too late costs money.

export interface Clocks {
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** Epoch ms by this machine. */
  readonly wall: () => number;
  /** Epoch ms by the journal, which leases and due times are read by. */
  readonly now: () => number;
}

/** The end of a lease, less what must be kept back of it, by each clock. */
export interface SendWindow {
  readonly monotonic: number;
  readonly wall: number;
  readonly journal: number;
}

/** The window of a lease that begins now and lasts `ms`. */
export function openWindow({ monotonic, wall, now }: Clocks, ms: number): SendWindow {
  return { monotonic: monotonic() + ms, wall: wall() + ms, journal: now() + ms };
}

/** True once any clock says that it is over. */
export function isOver({ monotonic, wall, now }: Clocks, window: SendWindow): boolean {
  return monotonic() >= window.monotonic || wall() >= window.wall || now() >= window.journal;
}
