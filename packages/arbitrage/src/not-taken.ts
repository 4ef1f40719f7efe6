import type { InstrumentTable, NotTakenReason } from '@parallax/types';
import type { PairTable } from './pair-table.js';

export const NOT_TAKEN_REASONS: readonly NotTakenReason[] = [
  'edge-below-minimum', 'fees', 'slippage', 'funding', 'way-out', 'depth-too-thin', 'below-minimum-size',
  'quote-untrusted', 'quote-too-old', 'book-missing', 'currency-differs', 'inventory-missing',
];

/** The last time a pair showed a gross edge at the best prices and was not taken. */
export interface NotTakenExample {
  readonly reason: NotTakenReason;
  readonly base: string;
  readonly buy: { readonly venue: string; readonly symbol: string };
  readonly sell: { readonly venue: string; readonly symbol: string };
  /** Edge at the best prices in basis points of the ask, before and after all costs; floats, for people. */
  readonly grossEdgeBps: number;
  readonly netEdgeBps: number;
  readonly atUs: number;
  /** How often this pair and direction was not taken, for whatever reason. */
  readonly times: number;
}

/** Counts what was not taken by reason, and keeps the last case of every pair and direction, without allocating. */
export class NotTakenBook {
  private readonly reason: number[] = [];
  private readonly gross: number[] = [];
  private readonly net: number[] = [];
  private readonly atUs: number[] = [];
  private readonly times: number[] = [];
  private readonly counters = new Float64Array(NOT_TAKEN_REASONS.length);

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly pairs: PairTable,
  ) {}

  /** Notes a case; returns whether the reason differs from the pair's last one. */
  note(slot: number, reason: NotTakenReason, grossEdgeBps: number, netEdgeBps: number, nowUs: number): boolean {
    const code = NOT_TAKEN_REASONS.indexOf(reason);
    while (this.reason.length <= slot) {
      this.reason.push(-1);
      this.gross.push(Number.NaN);
      this.net.push(Number.NaN);
      this.atUs.push(0);
      this.times.push(0);
    }
    this.counters[code]++;
    const differs = this.reason[slot] !== code;
    this.reason[slot] = code;
    this.gross[slot] = grossEdgeBps;
    this.net[slot] = netEdgeBps;
    this.atUs[slot] = nowUs;
    this.times[slot]++;
    return differs;
  }

  /** Counts what belongs to no slot. */
  count(reason: NotTakenReason): void {
    this.counters[NOT_TAKEN_REASONS.indexOf(reason)]++;
  }

  /** Forgets the pair's reason, so that the next one is told as new. */
  taken(slot: number): void {
    if (slot < this.reason.length) this.reason[slot] = -1;
  }

  get counts(): Readonly<Record<NotTakenReason, number>> {
    const entries = NOT_TAKEN_REASONS.map((reason, code) => [reason, this.counters[code]] as const);
    return Object.fromEntries(entries) as Record<NotTakenReason, number>;
  }

  example(slot: number): NotTakenExample | null {
    if (slot >= this.reason.length || this.reason[slot] < 0) return null;
    const bought = this.instruments.get(this.pairs.buy[slot]);
    const sold = this.instruments.get(this.pairs.sell[slot]);
    return {
      reason: NOT_TAKEN_REASONS[this.reason[slot]],
      base: bought.base,
      buy: { venue: bought.venue, symbol: bought.symbol },
      sell: { venue: sold.venue, symbol: sold.symbol },
      grossEdgeBps: this.gross[slot],
      netEdgeBps: this.net[slot],
      atUs: this.atUs[slot],
      times: this.times[slot],
    };
  }

  examples(): NotTakenExample[] {
    return this.reason.map((_, slot) => this.example(slot)).filter((example) => example !== null);
  }
}
