import type { Book } from '@parallax/book';
import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';
import { MatchingEngine, type MatchingOptions } from '../matching-engine.js';
import type { MatchSink } from '../matching-terms.js';
import { levelKeyOf, takenLevelOf, takenRecordOf, type TakenRecord } from './taken-record.js';

export interface PaperMarketsOptions {
  readonly instruments: InstrumentTable;
  readonly matching: MatchingOptions;
  createBook(specification: InstrumentSpecification): Book;
}

/** The matching engines of a venue, one for each instrument that was heard of. */
export class PaperMarkets {
  private readonly engines: (MatchingEngine | undefined)[] = [];
  /** By symbol and level: what was taken before the restart, until the instrument is heard of again. */
  private readonly takenBefore = new Map<string, TakenRecord>();

  constructor(
    private readonly options: PaperMarketsOptions,
    private readonly sink: MatchSink,
    /** Told of a specification that another one follows: what rests by it can rest no longer. */
    private readonly onEnded: (specification: InstrumentSpecification) => void,
  ) {}

  /** Instruments whose book is missing or broken: their keyframes should be asked for. */
  get missingBooks(): number[] {
    const missing: number[] = [];
    this.engines.forEach((engine, instrument) => engine && !engine.hasBook && missing.push(instrument));
    return missing;
  }

  /** Takes back what a journal holds; the newest word on a level counts. */
  restoreTaken(record: TakenRecord): void {
    this.takenBefore.set(levelKeyOf(record), record);
  }

  /**
   * The instrument's engine; a new version of the specification ends the old one. What is taken of the market's levels stays
   * taken.
   */
  of(instrument: number, nowUs: number): MatchingEngine {
    const specification = this.options.instruments.get(instrument);
    const known = this.engines[instrument];
    if (known && known.specification.version === specification.version) return known;
    if (known) this.onEnded(known.specification);
    const engine = new MatchingEngine(specification, this.options.createBook(specification), this.options.matching, this.sink);
    const taken = known ? known.taken().map((level) => takenRecordOf(known.specification, level, nowUs)) : this.takenOf(specification.symbol);
    for (const record of taken) {
      const level = takenLevelOf(specification, record);
      if (level) engine.restoreTaken(level);
    }
    this.engines[instrument] = engine;
    return engine;
  }

  private takenOf(symbol: string): TakenRecord[] {
    const found = [...this.takenBefore].filter(([, record]) => record.symbol === symbol);
    for (const [key] of found) this.takenBefore.delete(key);
    return found.map(([, record]) => record);
  }
}
