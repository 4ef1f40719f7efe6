import type { DeadLetter, Row, TrustCause } from '@parallax/types';
import type { NormalisedSink } from './sink.js';

/** Hears what a sink threw, and in which of its methods. */
export type SinkFault = (error: unknown, place: string) => void;

/**
 * Stands between a core and its sink: what the sink throws reaches nobody in the middle of a frame, so that book, quote and trust are
 * whole afterwards, whoever could not hear of them. Told to `onFault`; where nobody listens, {@link settle} throws the first.
 */
export class GuardedSink implements NormalisedSink {
  private fault: { readonly error: unknown } | null = null;

  constructor(
    private readonly sink: NormalisedSink,
    private readonly onFault: SinkFault | undefined,
  ) {}

  /** To be called when the core is whole again. @throws what the sink threw first since the last call. */
  settle(): void {
    const { fault } = this;
    if (fault === null) return;
    this.fault = null;
    throw fault.error;
  }

  onQuote(instrument: number, row: Row, columns: number): void {
    try {
      this.sink.onQuote(instrument, row, columns);
    } catch (error) {
      this.note(error, 'onQuote');
    }
  }

  onBook(instrument: number, row: Row, columns: number): void {
    try {
      this.sink.onBook(instrument, row, columns);
    } catch (error) {
      this.note(error, 'onBook');
    }
  }

  onTrades(instrument: number, row: Row, columns: number): void {
    try {
      this.sink.onTrades(instrument, row, columns);
    } catch (error) {
      this.note(error, 'onTrades');
    }
  }

  onDeadLetter(letter: DeadLetter): void {
    try {
      this.sink.onDeadLetter(letter);
    } catch (error) {
      this.note(error, 'onDeadLetter');
    }
  }

  /** False where it was not heard: the book wants it still. */
  onSnapshotWanted(instrument: number, cause: TrustCause): boolean {
    try {
      this.sink.onSnapshotWanted(instrument, cause);
      return true;
    } catch (error) {
      this.note(error, 'onSnapshotWanted');
      return false;
    }
  }

  onTrust(instrument: number, trust: number, cause: TrustCause, nowUs: number): void {
    try {
      this.sink.onTrust(instrument, trust, cause, nowUs);
    } catch (error) {
      this.note(error, 'onTrust');
    }
  }

  /** Notes a fault that somebody else threw who hears of the core's work. */
  note(error: unknown, place: string): void {
    if (this.onFault) this.onFault(error, place);
    else this.fault ??= { error };
  }
}
