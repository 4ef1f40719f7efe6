import type { Bus, Subscription } from '@parallax/bus';
import { Column, marketRow, type Clock, type InstrumentTable, type MarketRowName, type Row } from '@parallax/types';
import { instrumentOf, isRowPart, marketPattern, RowAssembler, RowReader } from '@parallax/wire';
import { TakenQuotes } from './taken-quotes.js';
import { VenueWriters } from './venue-writers.js';
import { distrust, type WriterWatch } from './writer-watch.js';

/** Called with the instrument's number in the process's table and a row that is valid until the return. */
export type RowHandler = (instrument: number, row: Row) => void;

/**
 * Hot events from the bus, as cores take them, in the order in which they came: a change of a book stands before the quote
 * that follows from it. What a slow reader gets stands in `MARKET_ROWS`. A row that was too large for a message is handed over
 * when its last part has come. Rows of unknown instruments and bytes that are no rows are counted and left. Where two writers
 * tell of a venue at once, its quotes say that they cannot be trusted, and its book changes and trades are left out; when that
 * begins, a quote that says so is handed over for every instrument of the venue of which anything was taken.
 */
export class MarketFeed {
  private unreadable = 0;
  private unknown = 0;
  private readonly numbers = new Map<string, number>();
  private readonly lane = {};
  /** By venue, and the same by instrument. */
  readonly writers = new VenueWriters();
  private readonly writersOf: (WriterWatch | undefined)[] = [];
  private readonly taken = new TakenQuotes();
  private readonly quoteHandlers = new Set<RowHandler>();
  private readonly subscriptions: Subscription[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly instruments: InstrumentTable,
    private readonly clock: Pick<Clock, 'nowUs'>,
  ) {}

  /** For the health of who reads. */
  get counters(): { rowsUnreadable: number; rowsUnknown: number; lost: number } {
    return { rowsUnreadable: this.unreadable, rowsUnknown: this.unknown, lost: this.subscriptions.reduce((sum, { lost }) => sum + lost, 0) };
  }

  quotes(handler: RowHandler): Subscription {
    this.quoteHandlers.add(handler);
    const subscription = this.subscribe('quote', handler);
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

  /** Rows of another kind than quotes, of all markets or of those that `pattern` names. */
  rows(name: Exclude<MarketRowName, 'quote'>, handler: RowHandler, pattern?: string): Subscription {
    return this.subscribe(name, handler, pattern);
  }

  private subscribe(name: MarketRowName, handler: RowHandler, pattern = marketPattern(name)): Subscription {
    const reader = new RowReader();
    const assemblers = new Map<number, RowAssembler>();
    const assemble = (instrument: number, bytes: Uint8Array): Uint8Array | null => {
      let assembler = assemblers.get(instrument);
      if (assembler === undefined) assemblers.set(instrument, (assembler = new RowAssembler()));
      return assembler.take(bytes);
    };
    const subscription = this.bus.subscribe(pattern, ({ subject, bytes }) => {
      const instrument = this.numberOf(subject);
      if (instrument < 0) {
        this.unknown++;
        return;
      }
      let row: Row;
      try {
        const whole = isRowPart(bytes) ? assemble(instrument, bytes) : bytes;
        if (whole === null) return;
        row = reader.market(whole, name);
      } catch {
        this.unreadable++;
        return;
      }
      const watch = this.watchOf(instrument);
      const isAdmitted = watch.admits(row[Column.epoch], this.clock);
      if (name === 'quote') {
        if (!isAdmitted) distrust(row);
        this.taken.keep(instrument, row);
      } else if (isAdmitted) this.taken.touch(instrument, row);
      if (!isAdmitted && watch.contestBegan) return this.takeBack(watch, row);
      if (!isAdmitted && name !== 'quote') return;
      handler(instrument, row);
    }, { whenSlow: marketRow(name).whenSlow, lane: this.lane });
    this.subscriptions.push(subscription);
    return subscription;
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
