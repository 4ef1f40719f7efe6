import type { InstrumentTable, NotTakenReason } from '@parallax/types';
import type { PairTable } from './pair-table.js';

export const NOT_TAKEN_REASONS: readonly NotTakenReason[] = [
  'edge-below-minimum', 'fees', 'slippage', 'funding', 'way-out', 'depth-too-thin', 'below-minimum-size',
  'quote-untrusted', 'quote-too-old', 'book-missing', 'currency-differs', 'inventory-missing',
];

const CODES = Object.fromEntries(NOT_TAKEN_REASONS.map((reason, code) => [reason, code])) as Readonly<Record<NotTakenReason, number>>;

/** The last time, or one of the last, that a pair showed a gross edge at the best prices and was not taken. */
export interface NotTakenExample {
  readonly reason: NotTakenReason;
  readonly base: string;
  readonly buy: { readonly venue: string; readonly symbol: string };
  readonly sell: { readonly venue: string; readonly symbol: string };
  /** Edge at the best prices in basis points of the ask, before and after all costs; floats, for people. */
  readonly grossEdgeBps: number;
  readonly netEdgeBps: number;
  readonly atUs: number;
}

/** Columns of a pair's case. */
const Case = { gross: 0, net: 1, atUs: 2 } as const;
const CASE_COLUMNS = 4;
const NEVER = 255;
/** A case whose reason is the pair's last one is written down every so often: memory is what noting costs. */
const REFRESH_EVERY = 16;

/** Counts what was not taken by reason, and keeps a late case of every pair and direction, without allocating. */
export class NotTakenBook {
  private readonly counters = new Float64Array(NOT_TAKEN_REASONS.length);
  private reasons = new Uint8Array(256).fill(NEVER);
  private cases = new Float64Array(256 * CASE_COLUMNS);
  private noted = 0;

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly pairs: PairTable,
  ) {}

  /** Notes a case; returns whether the reason differs from the pair's last one. */
  note(slot: number, reason: NotTakenReason, grossEdgeBps: number, netEdgeBps: number, nowUs: number): boolean {
    const code = CODES[reason];
    this.counters[code]++;
    if (slot >= this.reasons.length) this.grow(slot + 1);
    const differs = this.reasons[slot] !== code;
    if (!differs && ++this.noted % REFRESH_EVERY !== 0) return false;
    this.reasons[slot] = code;
    const at = slot * CASE_COLUMNS;
    this.cases[at + Case.gross] = grossEdgeBps;
    this.cases[at + Case.net] = netEdgeBps;
    this.cases[at + Case.atUs] = nowUs;
    return differs;
  }

  /** Counts what belongs to no slot. */
  count(reason: NotTakenReason): void {
    this.counters[CODES[reason]]++;
  }

  /** Forgets the pair's reason, so that the next one is told as new. */
  taken(slot: number): void {
    if (slot < this.reasons.length) this.reasons[slot] = NEVER;
  }

  get counts(): Readonly<Record<NotTakenReason, number>> {
    const entries = NOT_TAKEN_REASONS.map((reason, code) => [reason, this.counters[code]] as const);
    return Object.fromEntries(entries) as Record<NotTakenReason, number>;
  }

  example(slot: number): NotTakenExample | null {
    if (slot >= this.reasons.length || this.reasons[slot] === NEVER) return null;
    const at = slot * CASE_COLUMNS;
    const bought = this.instruments.get(this.pairs.buy[slot]);
    const sold = this.instruments.get(this.pairs.sell[slot]);
    return {
      reason: NOT_TAKEN_REASONS[this.reasons[slot]],
      base: bought.base,
      buy: { venue: bought.venue, symbol: bought.symbol },
      sell: { venue: sold.venue, symbol: sold.symbol },
      grossEdgeBps: this.cases[at + Case.gross],
      netEdgeBps: this.cases[at + Case.net],
      atUs: this.cases[at + Case.atUs],
    };
  }

  examples(): NotTakenExample[] {
    const examples: NotTakenExample[] = [];
    for (let slot = 0; slot < this.pairs.slots; slot++) {
      const example = this.example(slot);
      if (example) examples.push(example);
    }
    return examples;
  }

  private grow(needed: number): void {
    const slots = Math.max(needed, this.reasons.length * 2);
    const reasons = new Uint8Array(slots).fill(NEVER);
    const cases = new Float64Array(slots * CASE_COLUMNS);
    reasons.set(this.reasons);
    cases.set(this.cases);
    this.reasons = reasons;
    this.cases = cases;
  }
}
