import { BookKeeper } from '@parallax/book';
import { InstrumentTable, type InstrumentSpecification } from '@parallax/types';
import type { DepthUpdate, FrameReader, FrameSink, VenueDefinition } from '../../src/index.js';
import type { RecordedLine } from './captures.js';
import { RecordingSink } from './recording-sink.js';

export interface ReaderUnderTest {
  readonly reader: FrameReader;
  readonly sink: RecordingSink;
  readonly instruments: InstrumentTable;
}

/** A reader of these instruments whose emissions are written down. */
export function readerOf(definition: VenueDefinition, specifications: readonly InstrumentSpecification[]): ReaderUnderTest {
  const instruments = new InstrumentTable();
  for (const specification of specifications) instruments.add(specification);
  const sink = new RecordingSink();
  return { reader: definition.createReader(instruments, sink), sink, instruments };
}

/** The instruments that a recording's listings give, and what of them was refused. */
export function listedIn(definition: VenueDefinition, lines: readonly RecordedLine[]) {
  const refused: string[] = [];
  const found = lines
    .filter((line) => line.t === 'http')
    .flatMap((line) => definition.listing.read(line.data ?? '', (reason, place) => refused.push(`${place}: ${reason}`)));
  return { found, refused };
}

/** Both readings of every frame: how many the scan path took, and where the two differ. */
export function compareReadings({ reader, sink }: ReaderUnderTest, frames: readonly Uint8Array[]) {
  const kinds = new Map<string, { scanned: number; givenUp: number }>();
  const differences: string[] = [];
  let scanned = 0;
  for (const frame of frames) {
    const took = reader.scan(frame);
    const fast = sink.take();
    reader.plain(frame);
    const slow = sink.take();
    if (took && fast !== slow) differences.push(`${fast}\n  but plain: ${slow}`);
    if (!took && fast !== '') differences.push(`gave up, yet emitted ${fast}`);
    if (slow === '') differences.push(`plain emitted nothing for ${new TextDecoder().decode(frame.subarray(0, 200))}`);
    if (took) scanned++;
    const kind = slow.split('\n').find((line) => !line.startsWith('sequence'))?.split(' ').slice(0, slow.includes('notice') ? 2 : 1).join(' ') ?? '';
    const count = kinds.get(kind) ?? { scanned: 0, givenUp: 0 };
    if (took) count.scanned++;
    else count.givenUp++;
    kinds.set(kind, count);
  }
  return { scanned, givenUp: frames.length - scanned, kinds, differences };
}

/** Feeds a reader's depth updates to one book per instrument. */
export class BookSink implements FrameSink {
  readonly keepers = new Map<number, BookKeeper>();
  readonly sequences: number[] = [];
  readonly refusals: string[] = [];
  trades = 0;
  tickers = 0;
  private readonly definition: VenueDefinition;
  private readonly instruments: InstrumentTable;

  constructor(definition: VenueDefinition, instruments: InstrumentTable) {
    this.definition = definition;
    this.instruments = instruments;
  }

  onDepth(update: DepthUpdate): void {
    let keeper = this.keepers.get(update.instrument);
    if (keeper === undefined) {
      keeper = new BookKeeper(this.definition.join, this.instruments.get(update.instrument), () => undefined);
      this.keepers.set(update.instrument, keeper);
    }
    keeper.apply(update);
  }
  onTicker(): void {
    this.tickers++;
  }
  onTrades(): void {
    this.trades++;
  }
  onNotice(): void {}
  onConnectionSequence(sequence: number): void {
    this.sequences.push(sequence);
  }
  onRefused(reason: string, place: string): void {
    this.refusals.push(`${place}: ${reason}`);
  }
}

/** Reads frames into books, as the live path does. */
export function booksOf(definition: VenueDefinition, specifications: readonly InstrumentSpecification[], frames: readonly Uint8Array[]) {
  const instruments = new InstrumentTable();
  for (const specification of specifications) instruments.add(specification);
  const sink = new BookSink(definition, instruments);
  const reader = definition.createReader(instruments, sink);
  for (const frame of frames) reader.read(frame);
  return { sink, instruments };
}

/** Prints a line of figures beside the test that took them. */
export const report = (line: string): void => void process.stdout.write(`  ${line}\n`);
