import { BookFollower } from '@parallax/book';
import type { DepthSource } from '@parallax/arbitrage';
import { VenueNormaliser, type NormalisedSink } from '@parallax/normalisation';
import { identify, readRecording, type TapeEntry } from '@parallax/recordings';
import { InstrumentTable, marketKindOf, QUOTE_COLUMNS, Quote, Trust, type InstrumentSpecification, type Row } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { PlainMarket } from './plain-market.js';

/** One recorded symbol twice: through the project's normaliser and follower, and on plain terms beside them. */
export interface OracleSymbol {
  readonly instrument: number;
  readonly specification: InstrumentSpecification;
  readonly takerFee: string;
  readonly normaliser: VenueNormaliser;
  readonly plain: PlainMarket;
  /** The quote that was told last. */
  readonly told: Row;
}

type TimedEntry = TapeEntry & { readonly symbol: OracleSymbol; readonly atUs: number };

/** Recordings of one time as one market: hands quotes to the cores as the shell of arbitrage does, books before quotes. */
export class OracleMarket implements DepthSource {
  readonly instruments = new InstrumentTable();
  readonly symbols: OracleSymbol[] = [];
  readonly deadLetters: string[] = [];
  onQuote: (instrument: number, row: Row) => void = () => {};
  private readonly followers: BookFollower[] = [];
  private readonly entries: TimedEntry[] = [];

  readonly top: DepthSource['top'] = (instrument, side, prices, sizes) =>
    this.followers[instrument].reader?.top(side, prices, sizes) ?? 0;

  /** Reads the first `lengthUs` of every recording. */
  static async open(paths: readonly string[], lengthUs: number): Promise<OracleMarket> {
    const market = new OracleMarket();
    for (const path of paths) await market.add(path, lengthUs);
    // Stable: within a file the order is the file's own.
    market.entries.sort((a, b) => a.atUs - b.atUs);
    return market;
  }

  get firstUs(): number {
    return this.entries[0].atUs;
  }

  /** Plays every frame, and calls back before and after it. */
  play(before: (atUs: number) => void, after: (atUs: number) => void): void {
    for (const [frame, { symbol, atUs, kind, bytes }] of this.entries.entries()) {
      before(atUs);
      symbol.plain.take(bytes);
      if (kind === 'snapshot') symbol.normaliser.onSnapshot(1, frame, atUs, bytes, symbol.instrument);
      else symbol.normaliser.onFrame(1, frame, atUs, bytes);
      after(atUs);
    }
  }

  private async add(path: string, lengthUs: number): Promise<void> {
    const recording = await identify(path, VENUES);
    const { definition } = recording;
    const known = definition.catalogue.find(({ venueSymbol }) => venueSymbol === recording.venueSymbol)!;
    // The catalogue does not know what trades; what was recorded did.
    const specification: InstrumentSpecification = { ...known, status: 'trading' };
    const instrument = this.instruments.add(specification);
    this.followers[instrument] = new BookFollower(specification.priceStep);
    const told = new Float64Array(QUOTE_COLUMNS);
    const sink: NormalisedSink = {
      onTrades: () => {}, onSnapshotWanted: () => {}, onTrust: () => {},
      onDeadLetter: ({ reason }) => void this.deadLetters.push(reason),
      onBook: (_, row) => void this.followers[instrument].apply(row),
      onQuote: (_, row) => {
        if (row[Quote.trust] === Trust.resyncing) this.followers[instrument].lose();
        told.set(row.subarray(0, QUOTE_COLUMNS));
        this.onQuote(instrument, told);
      },
    };
    const normaliser = new VenueNormaliser(definition, this.instruments, sink);
    const symbol = { instrument, specification, takerFee: definition.fees[marketKindOf(specification)]!.taker, normaliser, plain: new PlainMarket(), told };
    this.symbols.push(symbol);
    let [fromUs, atUs] = [0, 0];
    const fault = ({ line, reason }: { line: number; reason: string }): never => {
      throw new Error(`${path}:${line}: ${reason}`);
    };
    for await (const entry of readRecording(recording, fault)) {
      atUs = Math.max(atUs, entry.receivedAtUs);
      fromUs ||= atUs;
      if (atUs - fromUs > lengthUs) break;
      this.entries.push({ ...entry, bytes: entry.bytes.slice(), symbol, atUs });
    }
  }
}
