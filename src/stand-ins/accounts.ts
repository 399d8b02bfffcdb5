// The stand-in wallet's money rules: what moves, what is refused, and what it remembers of a reference it has
// seen. Everything happens synchronously on the one ledger, so two calls can never interleave. Must never
// answer before the entry is in the ledger file.
import { openLedger, type LedgerEntry } from './ledger.js';

/**
 * What the wallet remembers of a repeated reference: `always` gives the same outcome, refusals of bets and
 * wins too; `successes` repeats only a success; `lookup` calls a repeat a duplicate but can be asked; `none`
 * executes it again.
 */
export const MEMORY_KINDS = ['always', 'successes', 'lookup', 'none'] as const;
export type MemoryKind = (typeof MEMORY_KINDS)[number];

/** What wallets do each in its own way, beside what they are asked. */
export interface Habits {
  readonly memory: MemoryKind;
  /** An undo of an unseen reference is remembered, and its late original then refused. */
  readonly cancelFirst?: boolean | undefined;
  /** Cents of each balance that are bonus money: they are told with it, and no bet is taken from them. */
  readonly bonus?: bigint | undefined;
  /** Cents of the largest bet it takes. */
  readonly mostABet?: bigint | undefined;
  /** It asks whether the money is there before it asks whether it has done that already. */
  readonly fundsFirst?: boolean | undefined;
  /** A win is paid only for a bet of its round that stands, and one for each. */
  readonly winNeedsBet?: boolean | undefined;
}

/** One HTTP answer; a bigint in the body is written as a JSON number. */
export interface WalletReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const RECEIPT_NAMES = { debit: 'debitId', credit: 'creditId', undo: 'cancelId', tombstone: 'cancelId' } as const;

/** An error answer in the wallet's one error shape. */
export function walletError(status: number, code: string): WalletReply {
  return { status, body: { error: { code } } };
}

export class StandInAccounts {
  readonly #append: (entry: LedgerEntry) => void;
  readonly #balances = new Map<string, bigint>();
  readonly #byReference = new Map<string, LedgerEntry[]>();
  readonly #undosOf = new Map<string, LedgerEntry[]>();
  readonly #receipts = new Map<LedgerEntry, string>();

  constructor(
    ledgerFile: string,
    private readonly habits: Habits,
  ) {
    const { entries, append } = openLedger(ledgerFile);
    this.#append = append;
    for (const entry of entries) this.#remember(entry);
  }

  /**
   * Opens an account with its first balance in cents; false when the player has one already, which is left
   * alone.
   */
  open(player: string, cents: bigint): boolean {
    if (this.#balances.has(player)) return false;
    this.#write({ player, reference: '', kind: 'opening', cents });
    return true;
  }

  /** A player's balance in cents, undefined for a player nobody opened. */
  balance(player: string): bigint | undefined {
    return this.#balances.get(player);
  }

  /** Whose reference this is, as far as the ledger knows. */
  ownerOf(reference: string): string | undefined {
    return this.#byReference.get(reference)?.[0]?.player;
  }

  /** Takes a bet or credits a win; `cents` is the amount, never negative. */
  move(kind: 'debit' | 'credit', player: string, reference: string, cents: bigint, round?: string): WalletReply {
    const signed = kind === 'debit' ? -cents : cents;
    const { memory, fundsFirst } = this.habits;
    if (fundsFirst === true && this.#lacks(player, signed)) return refusalReply('LOW_FUNDS');
    if (memory !== 'none') {
      const before = this.#movements(reference)[0];
      if (before !== undefined) {
        const same = before.kind === kind && before.player === player && before.cents === signed;
        return same ? this.#repeated(before) : walletError(422, 'REFERENCE_REUSED');
      }
      const refusal = this.#seen(reference, 'refused')[0];
      if (memory === 'always' && refusal?.code !== undefined) return refusalReply(refusal.code);
    }
    if (this.#seen(reference, 'tombstone', this.#undosOf).length > 0) return walletError(409, 'CANCELLED');

    const code = this.#objection(player, signed, round);
    if (code !== undefined) {
      this.#write({ player, reference, kind: 'refused', cents: 0n, code });
      return refusalReply(code);
    }
    return this.#receipt(
      this.#write({ player, reference, kind, cents: signed, ...(round !== undefined && { round }) }),
    );
  }

  /**
   * Undoes what was done under the reference `cancels`; only a successful cancellation is remembered, in
   * every kind.
   */
  cancel(reference: string, cancels: string): WalletReply {
    const { memory, cancelFirst, fundsFirst } = this.habits;
    const taken = this.#movements(cancels)[0];
    if (fundsFirst === true && taken !== undefined && this.#lacks(taken.player, -taken.cents))
      return refusalReply('LOW_FUNDS');
    const before = this.#cancellations(reference)[0];
    if (memory !== 'none' && before !== undefined) {
      return before.of === cancels ? this.#repeated(before) : walletError(422, 'REFERENCE_REUSED');
    }
    const undos = this.#undosOf.get(cancels) ?? [];
    const movements = this.#movements(cancels);
    const player = this.ownerOf(cancels) ?? '';
    if (movements.length === 0 && undos.length === 0) {
      if (cancelFirst !== true) return walletError(404, 'UNKNOWN_REFERENCE');
      return this.#receipt(this.#write({ player, reference, kind: 'tombstone', cents: 0n, of: cancels }));
    }
    // A wallet without memory may have done the same reference twice: each cancellation takes back one of
    // them.
    const target = movements[undos.length];
    if (target === undefined) return walletError(409, 'ALREADY_CANCELLED');
    if ((this.#balances.get(player) ?? 0n) < target.cents) {
      this.#write({ player, reference, kind: 'undoRefused', cents: 0n, code: 'LOW_FUNDS' });
      return refusalReply('LOW_FUNDS');
    }
    return this.#receipt(this.#write({ player, reference, kind: 'undo', cents: -target.cents, of: cancels }));
  }

  /** What became of a reference, be it a movement's or a cancellation's. */
  lookup(reference: string): WalletReply {
    if (this.habits.memory === 'none') return walletError(404, 'NO_SUCH_API');
    const done = [...this.#movements(reference), ...this.#cancellations(reference)].length > 0;
    if (this.#undosOf.has(reference)) return { status: 200, body: { reference, state: 'CANCELLED' } };
    if (done) return { status: 200, body: { reference, state: 'DONE' } };
    const refused = this.#seen(reference, 'refused').length > 0;
    return refused ? { status: 200, body: { reference, state: 'REJECTED' } } : walletError(404, 'UNKNOWN_REFERENCE');
  }

  /** Why this movement is not made; undefined: nothing is against it. */
  #objection(player: string, signed: bigint, round: string | undefined): string | undefined {
    const { bonus = 0n, mostABet, winNeedsBet } = this.habits;
    if (!this.#balances.has(player)) return 'NO_PLAYER';
    if (this.#lacks(player, signed < 0n ? signed - bonus : signed)) return 'LOW_FUNDS';
    if (mostABet !== undefined && -signed > mostABet) return 'BET_LIMIT';
    return winNeedsBet === true && signed > 0n && !this.#awaitsWin(player, round) ? 'NO_BET' : undefined;
  }

  #lacks(player: string, signed: bigint): boolean {
    return signed < 0n && (this.#balances.get(player) ?? 0n) + signed < 0n;
  }

  /** More bets than wins of the round stand. */
  #awaitsWin(player: string, round: string | undefined): boolean {
    const standing = (kind: LedgerEntry['kind']): number =>
      [...this.#byReference.values()]
        .flat()
        .filter((entry) => entry.kind === kind && entry.player === player && entry.round === round)
        .filter(({ reference }) => !this.#undosOf.has(reference)).length;
    return round !== undefined && standing('debit') > standing('credit');
  }

  #movements(reference: string): LedgerEntry[] {
    return [...this.#seen(reference, 'debit'), ...this.#seen(reference, 'credit')];
  }

  #cancellations(reference: string): LedgerEntry[] {
    return [...this.#seen(reference, 'undo'), ...this.#seen(reference, 'tombstone')];
  }

  #seen(reference: string, kind: LedgerEntry['kind'], where = this.#byReference): LedgerEntry[] {
    return (where.get(reference) ?? []).filter((entry) => entry.kind === kind);
  }

  #repeated(before: LedgerEntry): WalletReply {
    return this.habits.memory === 'lookup' ? walletError(409, 'DUPLICATE') : this.#receipt(before);
  }

  #receipt(entry: LedgerEntry): WalletReply {
    const { kind, reference, player } = entry;
    if (kind === 'opening' || kind === 'refused' || kind === 'undoRefused') throw new Error(`${kind} has no receipt`);
    const balanceMinor = this.#balances.get(player);
    const receipt = { [RECEIPT_NAMES[kind]]: this.#receipts.get(entry) };
    return { status: 201, body: { reference, ...receipt, ...(balanceMinor !== undefined && { balanceMinor }) } };
  }

  #write(entry: Omit<LedgerEntry, 'at' | 'balance'>): LedgerEntry {
    const balance = (this.#balances.get(entry.player) ?? 0n) + entry.cents;
    const written: LedgerEntry = { at: new Date().toISOString(), ...entry, balance };
    this.#append(written);
    this.#remember(written);
    return written;
  }

  #remember(entry: LedgerEntry): void {
    // Receipts are line numbers, so that a restarted wallet gives the same ones again.
    this.#receipts.set(entry, `${entry.kind}-${this.#receipts.size + 1}`);
    if (entry.kind !== 'opening') addTo(this.#byReference, entry.reference, entry);
    if (entry.of !== undefined) addTo(this.#undosOf, entry.of, entry);
    // A refusal of an unknown player must not open an account.
    if (entry.kind === 'refused' || entry.kind === 'undoRefused' || entry.kind === 'tombstone') return;
    this.#balances.set(entry.player, (this.#balances.get(entry.player) ?? 0n) + entry.cents);
  }
}

function addTo(index: Map<string, LedgerEntry[]>, key: string, entry: LedgerEntry): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [entry]);
  else list.push(entry);
}

function refusalReply(code: string): WalletReply {
  const status: Readonly<Record<string, number>> = { LOW_FUNDS: 402, BET_LIMIT: 422, NO_BET: 409 };
  return walletError(status[code] ?? 404, code);
}
