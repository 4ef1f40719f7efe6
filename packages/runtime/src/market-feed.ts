import type { Bus, SubscribeOptions, Subscription } from '@parallax/bus';
import { Column, RowKind, type Clock, type InstrumentTable, type Row } from '@parallax/types';
import { instrumentOf, isRowPart, patterns, RowAssembler, RowReader } from '@parallax/wire';
import { distrust, WriterWatch } from './writer-watch.js';

/** Called with the instrument's number in the process's table and a row that is valid until the return. */
export type RowHandler = (instrument: number, row: Row) => void;

/**
 * Hot events from the bus, as cores take them, in the order in which they came: a change of a book stands before the quote
 * that follows from it. Quotes conflate to the newest per symbol when the reader is slow; book
 * changes and trades are dropped, which their own sequence then shows. A row that was too large for a message is handed over
 * when its last part has come. Rows of unknown instruments and bytes that are no rows are counted and left. Where two writers
 * tell of a venue at once, its quotes say that they cannot be trusted, and its book changes and trades are left out.
 */
export class MarketFeed {
  refused = 0;
  unknown = 0;
  private readonly numbers = new Map<string, number>();
  private readonly lane = {};
  /** By venue, and the same by instrument. */
  readonly writers = new Map<string, WriterWatch>();
  private readonly writersOf: (WriterWatch | undefined)[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly instruments: InstrumentTable,
    private readonly clock: Pick<Clock, 'nowUs'>,
  ) {}

  quotes(handler: RowHandler, pattern: string = patterns.quotes): Subscription {
    return this.subscribe(pattern, RowKind.quote, handler, { whenSlow: 'newest' });
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
      if (!this.watchOf(instrument).admits(row[Column.epoch], this.clock)) {
        if (kind !== RowKind.quote) return;
        distrust(row);
      }
      handler(instrument, row);
    }, { ...options, lane: this.lane });
  }

  private watchOf(instrument: number): WriterWatch {
    return (this.writersOf[instrument] ??= this.watchOfVenue(this.instruments.get(instrument).venue));
  }

  private watchOfVenue(venue: string): WriterWatch {
    let watch = this.writers.get(venue);
    if (watch === undefined) this.writers.set(venue, (watch = new WriterWatch()));
    return watch;
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
