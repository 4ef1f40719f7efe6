import type { Bus, SubscribeOptions, Subscription } from '@parallax/bus';
import { Column, RowKind, type Clock, type InstrumentTable, type Row } from '@parallax/types';
import { instrumentOf, isRowPart, patterns, RowAssembler, RowReader } from '@parallax/wire';
import { TakenQuotes } from './taken-quotes.js';
import { VenueWriters } from './venue-writers.js';
import { distrust, type WriterWatch } from './writer-watch.js';

/** Called with the instrument's number in the process's table and a row that is valid until the return. */
export type RowHandler = (instrument: number, row: Row) => void;

/**
 * Hot events from the bus, as cores take them, in the order in which they came: a change of a book stands before the quote
 * that follows from it. Quotes conflate to the newest per symbol when the reader is slow; book
 * changes and trades are dropped, which their own sequence then shows. A row that was too large for a message is handed over
 * when its last part has come. Rows of unknown instruments and bytes that are no rows are counted and left. Where two writers
 * tell of a venue at once, its quotes say that they cannot be trusted, and its book changes and trades are left out; when that
 * begins, a quote that says so is handed over for every instrument of the venue of which anything was taken.
 */
export class MarketFeed {
  refused = 0;
  unknown = 0;
  private readonly numbers = new Map<string, number>();
  private readonly lane = {};
  /** By venue, and the same by instrument. */
  readonly writers = new VenueWriters();
  private readonly writersOf: (WriterWatch | undefined)[] = [];
  private readonly taken = new TakenQuotes();
  private readonly quoteHandlers = new Set<RowHandler>();

  constructor(
    private readonly bus: Bus,
    private readonly instruments: InstrumentTable,
    private readonly clock: Pick<Clock, 'nowUs'>,
  ) {}

  quotes(handler: RowHandler): Subscription {
    this.quoteHandlers.add(handler);
    const subscription = this.subscribe(patterns.quotes, RowKind.quote, handler, { whenSlow: 'newest' });
    return {
      get handled() { return subscription.handled; },
      get lost() { return subscription.lost; },
      unsubscribe: () => {
        this.quoteHandlers.delete(handler);
        subscription.unsubscribe();
      },
      drain: () => subscription.drain().finally(() => void this.quoteHandlers.delete(handler)),
    };
  }

  books(handler: RowHandler, pattern: string = patterns.books): Subscription {
    return this.subscribe(pattern, RowKind.book, handler, { whenSlow: 'drop' });
  }

  trades(handler: RowHandler, pattern: string = patterns.trades): Subscription {
    return this.subscribe(pattern, RowKind.trades, handler, { whenSlow: 'drop' });
  }

  private subscribe(pattern: string, kind: RowKind, handler: RowHandler, options: SubscribeOptions): Subscription {
    const reader = new RowReader();
    const assemblers = new Map<number, RowAssembler>();
    const assemble = (instrument: number, bytes: Uint8Array): Uint8Array | null => {
      let assembler = assemblers.get(instrument);
      if (assembler === undefined) assemblers.set(instrument, (assembler = new RowAssembler()));
      return assembler.take(bytes);
    };
    return this.bus.subscribe(pattern, ({ subject, bytes }) => {
      const instrument = this.numberOf(subject);
      if (instrument < 0) {
        this.unknown++;
        return;
      }
      let row: Row;
      try {
        const whole = isRowPart(bytes) ? assemble(instrument, bytes) : bytes;
        if (whole === null) return;
        row = reader.read(whole, kind);
      } catch {
        this.refused++;
        return;
      }
      const watch = this.watchOf(instrument);
      const isAdmitted = watch.admits(row[Column.epoch], this.clock);
      if (kind === RowKind.quote) {
        if (!isAdmitted) distrust(row);
        this.taken.keep(instrument, row);
      } else if (isAdmitted) this.taken.touch(instrument, row);
      if (!isAdmitted && watch.contestBegan) return this.takeBack(watch, row);
      if (!isAdmitted && kind !== RowKind.quote) return;
      handler(instrument, row);
    }, { ...options, lane: this.lane });
  }

  /** All that was taken of the venue may have been the other writer's. A handler that fails keeps nothing from the others. */
  private takeBack(watch: WriterWatch, cause: Row): void {
    const failures: unknown[] = [];
    for (const [instrument, quote] of this.taken.distrusted((number) => this.writersOf[number] === watch, cause)) {
      for (const handler of this.quoteHandlers) {
        try {
          handler(instrument, quote);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  private watchOf(instrument: number): WriterWatch {
    return (this.writersOf[instrument] ??= this.writers.of(this.instruments.get(instrument).venue));
  }

  private numberOf(subject: string): number {
    const known = this.numbers.get(subject);
    if (known !== undefined) return known;
    const { venue, symbol } = instrumentOf(subject);
    const number = this.instruments.find(venue, symbol);
    if (number >= 0) this.numbers.set(subject, number);
    return number;
  }
}
