import type { Bus } from '@parallax/bus';
import type { NormalisedSink } from '@parallax/normalisation';
import { MARKET_ROW_NAMES, type DeadLetter, type InstrumentTable, type MarketRowName, type Row, type Tracing, type TrustCause } from '@parallax/types';
import { bytesOfRow, encodeJson, sendRow, subjects } from '@parallax/wire';
import type { FrameStages } from './frame-stages.js';

/** Dead letters on their way to the stream; beyond it they are counted but not kept, so that garbage cannot fill memory. */
const DEAD_LETTERS_IN_FLIGHT = 1_000;
/** Below what a bus takes in one message (1 MiB on NATS). */
const LARGEST_LETTER = 900_000;

/** Puts what the core emits on the bus; each instrument's subjects are made once. */
export class Publisher implements NormalisedSink {
  deadLettersDropped = 0;
  private readonly subjects: (Readonly<Record<MarketRowName, string>> | undefined)[] = [];
  private inFlight = 0;

  constructor(
    private readonly bus: Bus,
    private readonly instruments: InstrumentTable,
    private readonly tracing: Tracing | undefined,
    private readonly wantSnapshot: (instrument: number, cause: TrustCause) => void,
    private readonly onFailure: (error: unknown) => void,
    private readonly stages: FrameStages,
  ) {}

  onQuote(instrument: number, row: Row, columns: number): void {
    this.bus.publish(this.of(instrument).quote, bytesOfRow(row, columns));
    this.tracing?.frameTouched(instrument);
    this.stages.onQuote();
  }

  onBook(instrument: number, row: Row, columns: number): void {
    this.send(this.of(instrument).book, row, columns);
  }

  onTrades(instrument: number, row: Row, columns: number): void {
    this.send(this.of(instrument).trade, row, columns);
  }

  onDeadLetter(letter: DeadLetter): void {
    if (this.inFlight >= DEAD_LETTERS_IN_FLIGHT) {
      this.deadLettersDropped++;
      return;
    }
    this.inFlight++;
    const id = `${letter.venue}.${letter.connection}.${letter.frame}.${letter.place}`;
    this.bus.streams
      .append(subjects.deadLetter(letter.venue), bytesOf(letter), { id })
      .catch(this.onFailure)
      .finally(() => this.inFlight--);
  }

  onSnapshotWanted(instrument: number, cause: TrustCause): void {
    this.wantSnapshot(instrument, cause);
  }

  onTrust(): void {
    // The quote that carries the change is already out; health tells it once a second.
  }

  private send(subject: string, row: Row, columns: number): void {
    sendRow(bytesOfRow(row, columns), (message) => this.bus.publish(subject, message));
  }

  private of(instrument: number): Readonly<Record<MarketRowName, string>> {
    let made = this.subjects[instrument];
    if (made === undefined) {
      const specification = this.instruments.get(instrument);
      made = Object.fromEntries(MARKET_ROW_NAMES.map((name) => [name, subjects.market(name, specification)])) as Record<MarketRowName, string>;
      this.subjects[instrument] = made;
    }
    return made;
  }
}

/** Escapes may make six bytes of one; what would not fit into one message keeps its beginning. */
function bytesOf(letter: DeadLetter): Uint8Array {
  const bytes = encodeJson(letter);
  return bytes.length <= LARGEST_LETTER ? bytes : encodeJson({ ...letter, text: letter.text.slice(0, LARGEST_LETTER / 8), truncated: true });
}
