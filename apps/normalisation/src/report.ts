import { isBefore, Side } from '@parallax/book';
import type { VenueNormaliser } from '@parallax/normalisation';
import { Quote, textFromScaled, TRUST_CAUSE_NAMES, TRUST_NAMES, type InstrumentTable, type SymbolHealth, type VenueHealth } from '@parallax/types';
import type { VenueConnections } from './connections.js';

/** One symbol of a summary; prices and sizes as exact decimal text, null where a side is empty or its best is not known. */
export interface SymbolReport {
  readonly venue: string;
  readonly symbol: string;
  readonly specification: string;
  readonly frames: number;
  readonly bookUpdates: number;
  readonly trades: number;
  readonly quotes: number;
  readonly gaps: number;
  readonly resyncs: number;
  readonly checksumsChecked: number;
  readonly checksumsFailed: number;
  readonly tickersChecked: number;
  readonly tickersFailed: number;
  readonly crossed: number;
  /** Those that are known to be of this symbol, by reason. */
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly trust: string;
  readonly cause: string;
  readonly bid: { price: string; size: string } | null;
  readonly ask: { price: string; size: string } | null;
}

export function symbolReports(normaliser: VenueNormaliser, instruments: InstrumentTable): SymbolReport[] {
  return [...normaliser.seen()].map((instrument) => {
    const { keeper, counters } = normaliser.market(instrument);
    const { venue, symbol, source, priceScale, sizeScale } = instruments.get(instrument);
    const { book, known } = keeper;
    const level = (side: Side, price: number, size: number): { price: string; size: string } | null =>
      size === 0 || !isBefore(known, side, price) ? null : { price: textFromScaled(price, priceScale), size: textFromScaled(size, sizeScale) };
    return {
      venue, symbol, specification: source,
      frames: counters.frames, bookUpdates: keeper.counters.updates, trades: counters.trades, quotes: counters.quotes,
      gaps: keeper.counters.gaps, resyncs: keeper.counters.resyncs,
      checksumsChecked: keeper.counters.checksumsChecked, checksumsFailed: keeper.counters.checksumsFailed,
      tickersChecked: counters.tickersChecked, tickersFailed: counters.tickersFailed, crossed: keeper.counters.crossed,
      deadLetters: Object.fromEntries(counters.deadLetters),
      trust: TRUST_NAMES[keeper.trust], cause: TRUST_CAUSE_NAMES[keeper.cause],
      bid: level(Side.bid, book.bestBidPrice, book.bestBidSize), ask: level(Side.ask, book.bestAskPrice, book.bestAskSize),
    };
  });
}

export function symbolHealth(normaliser: VenueNormaliser, instruments: InstrumentTable): SymbolHealth[] {
  return [...normaliser.seen()].map((instrument) => {
    const { keeper, quote, rhythm } = normaliser.market(instrument);
    const { gaps, resyncs, checksumsChecked, checksumsFailed, crossed } = keeper.counters;
    return {
      symbol: instruments.get(instrument).symbol,
      trust: TRUST_NAMES[keeper.trust], cause: TRUST_CAUSE_NAMES[keeper.cause],
      changedAtUs: quote.row[Quote.changedAtUs] || null, provenAtUs: rhythm.provenAtUs || null,
      gaps, resyncs, checksumsChecked, checksumsFailed, crossed,
    };
  });
}

/** A venue's health once a second; rates are since the last call, and not known at the first. */
export class VenueHealthWriter {
  private frames = 0;
  private atUs = 0;

  write(normaliser: VenueNormaliser, instruments: InstrumentTable, connections: VenueConnections, nowUs: number): VenueHealth {
    const open = connections.open(nowUs);
    const seconds = (nowUs - this.atUs) / 1e6;
    const framesPerSecond = this.atUs === 0 || seconds <= 0 ? null : Math.round((normaliser.frames - this.frames) / seconds);
    this.frames = normaliser.frames;
    this.atUs = nowUs;
    let deadLetters = 0;
    for (const count of normaliser.deadLetters.values()) deadLetters += count;
    return {
      venue: normaliser.definition.id,
      connected: open > 0, connections: open,
      lastFrameAtUs: connections.lastFrameAtUs || null, framesPerSecond,
      reconnects: Math.max(0, connections.opened - open), deadLetters,
      clockOffsetUs: normaliser.clock.offsetUs,
      symbols: symbolHealth(normaliser, instruments), atUs: nowUs,
    };
  }
}
