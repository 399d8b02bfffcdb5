// The sandbox wallet's own money: what each player has and what was done under which reference. It keeps to
// what the file says its wallet remembers. Whole cents in a bigint, apart from the bridge's own money.

import type { CallTerms, Terms } from '../domain/terms.js';
import type { Leg, Transaction } from '../domain/transaction.js';
import { Money } from '../domain/money.js';
import type { Note } from './tap.js';
import type { Shown, Wanted } from './reply-maker.js';

/** One way to answer, and what happens where it is taken. */
export interface Option {
  readonly wanted: Wanted;
  /** What it adds to the player's balance. */
  readonly cents?: bigint;
  readonly take?: () => void;
}

interface Movement {
  readonly player: string;
  readonly transactionID: string;
  readonly cents: bigint;
  undone: boolean;
}

export class SandboxBooks {
  readonly #balances = new Map<string, bigint>();
  readonly #moved = new Map<string, Movement>();
  readonly #refused = new Map<string, Wanted>();
  readonly #tombstones = new Set<string>();
  readonly #undos = new Set<string>();
  readonly #effects = new Map<string, bigint>();

  constructor(
    private readonly terms: Terms,
    /** What an example says of a reference that comes again. */
    private readonly repeats: (note: Note) => Shown['expect'] | undefined,
  ) {}

  open(player: string, cents: bigint): void {
    this.#balances.set(player, cents);
  }

  balances(): ReadonlyMap<string, bigint> {
    return this.#balances;
  }

  /** By transactionID: what it moved, all in all. */
  effects(): ReadonlyMap<string, bigint> {
    return this.#effects;
  }

  /** What the player has once that option was taken: a yes tells it. */
  balanceAfter(note: Note, { cents = 0n }: Option): Money {
    return Money.of((this.#balances.get(playerOf(note)) ?? 0n) + cents, 2);
  }

  /** Takes a movement back behind the bridge's back, as the wallet's own staff may. */
  undoByHand(transactionID: string): void {
    for (const movement of this.#moved.values())
      if (movement.transactionID === transactionID && !movement.undone) this.#undo(movement);
  }

  /** How the wallet may answer, the most fitting first. */
  optionsFor(note: Note): Option[] {
    const { name, kind, subject } = note;
    if ('player' in subject || kind === undefined) return this.#balance(note);
    const { transaction, leg } = subject;
    switch (name) {
      case 'send':
        return this.#move(note, leg.reference, centsOf(transaction, leg), transaction, this.terms.legs[kind]);
      case 'freeSpin':
        return this.#move(note, leg.reference, 0n, transaction, this.terms.legs.withdraw);
      case 'undo': {
        const undo = this.terms.legs[kind].undo;
        if (undo === undefined) return [];
        // An inverse is the opposite movement, under a reference of its own.
        return note.call.source.operation === 'undo'
          ? this.#cancel(note, leg, undo)
          : this.#move(note, leg.undoReference, -centsOf(transaction, leg), transaction, undo);
      }
      case 'lookup':
        return this.#lookup(leg.reference);
      case 'lookupUndo':
        return this.#lookup(leg.undoReference);
      case 'closeRound':
        return [{ wanted: { kind: 'applied' } }];
      case 'balance':
        return this.#balance(note);
    }
  }

  #balance(note: Note): Option[] {
    if (this.#balances.has(playerOf(note))) return [{ wanted: { kind: 'applied' } }];
    return [...refusals('userNotFound'), { wanted: { kind: 'unknown' } }];
  }

  #move(note: Note, reference: string, cents: bigint, transaction: Transaction, terms: CallTerms): Option[] {
    const { userID: player, transactionID } = transaction;
    const before = this.#moved.get(reference);
    const move = (): void => {
      this.#moved.set(reference, { player, transactionID, cents, undone: false });
      this.#add(player, transactionID, cents);
    };
    if (before !== undefined) return this.#again(note, terms, { cents, take: move });
    if (this.#tombstones.has(reference)) return [{ wanted: { kind: 'alreadyRolledBack' } }, ...refusals(), nothing];
    const refused = this.#refused.get(reference);
    if (refused !== undefined && terms.repeatable === 'always') return [{ wanted: refused }];
    const refuse = (option: Option): Option => ({
      ...option,
      take: () => void this.#refused.set(reference, option.wanted),
    });
    const balance = this.#balances.get(player);
    if (balance === undefined) return [...refusals('userNotFound'), nothing].map(refuse);
    if (cents < 0n && balance + cents < 0n) return [...refusals('insufficientFunds'), nothing].map(refuse);
    return [{ wanted: { kind: 'applied' }, cents, take: move }];
  }

  #cancel(note: Note, leg: Leg, terms: CallTerms & { readonly cancelFirst: boolean }): Option[] {
    const original = this.#moved.get(leg.reference);
    const yes: Wanted = { kind: 'applied' };
    const remember = (): void => void this.#undos.add(leg.undoReference);
    if (original === undefined) {
      const bury = (): void => {
        remember();
        this.#tombstones.add(leg.reference);
      };
      // A wallet without another word says yes to an undo of what it does not have.
      return terms.cancelFirst
        ? [{ wanted: yes, take: bury }]
        : [{ wanted: { kind: 'notFound' } }, ...refusals(), { wanted: yes }];
    }
    const undo = (): void => {
      remember();
      this.#undo(original);
    };
    if (original.undone && this.#undos.has(leg.undoReference))
      return this.#again(note, terms, { cents: -original.cents, take: undo });
    if (original.undone)
      return [{ wanted: { kind: 'alreadyRolledBack' } }, { wanted: { kind: 'duplicate' } }, { wanted: yes }];
    const balance = this.#balances.get(original.player) ?? 0n;
    if (balance < original.cents)
      return [...refusals('insufficientFunds'), { wanted: yes, cents: -original.cents, take: undo }];
    return [{ wanted: yes, cents: -original.cents, take: undo }];
  }

  /** The answer to a reference that was done before. */
  #again(note: Note, { repeatable }: CallTerms, once: Omit<Option, 'wanted'>): Option[] {
    const shown = this.repeats(note)?.outcome;
    const said = [{ wanted: { kind: 'applied' } }, { wanted: { kind: 'duplicate' } }] as const;
    if (shown === 'duplicate' || shown === 'alreadyRolledBack') return [{ wanted: { kind: shown } }, ...said];
    if (repeatable !== 'no' || shown === 'applied') return [...said];
    // What it does not remember it does again, unless the file knows a word against that.
    return [{ wanted: { kind: 'duplicate' } }, { wanted: { kind: 'applied' }, ...once }];
  }

  #lookup(reference: string): Option[] {
    if (this.#moved.has(reference) || this.#undos.has(reference)) return [{ wanted: { kind: 'applied' } }];
    if (this.#refused.has(reference))
      return [{ wanted: { kind: 'refused' } }, { wanted: { kind: 'notFound' } }, nothing];
    return [{ wanted: { kind: 'notFound' } }, nothing];
  }

  #undo(movement: Movement): void {
    movement.undone = true;
    this.#add(movement.player, movement.transactionID, -movement.cents);
  }

  #add(player: string, transactionID: string, cents: bigint): void {
    this.#balances.set(player, (this.#balances.get(player) ?? 0n) + cents);
    this.#effects.set(transactionID, (this.#effects.get(transactionID) ?? 0n) + cents);
  }
}

/** Says nothing that proves anything. */
const nothing: Option = { wanted: { kind: 'unknown' } };

/** The refusals a file may have a word for, the most fitting first. */
function refusals(first?: 'userNotFound' | 'insufficientFunds'): Option[] {
  const all = ['userNotFound', 'insufficientFunds', 'generalError', 'wrongInput'] as const;
  const results = first === undefined ? all : [first, 'generalError' as const, 'wrongInput' as const];
  return results.map((result) => ({ wanted: { kind: 'refused', result } }));
}

const playerOf = ({ subject }: Note): string =>
  'player' in subject ? subject.player.userID : subject.transaction.userID;

/** What a movement adds to its player's balance; the bet of a free spin is the house's. */
function centsOf({ content }: Transaction, { bet, win }: Leg): bigint {
  const stake = content?.freeSpin === true ? undefined : bet;
  return (win?.cut(2).units ?? 0n) - (stake?.cut(2).units ?? 0n);
}
