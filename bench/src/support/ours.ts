import { VenueNormaliser, type NormalisedSink, type NormaliserOptions } from '@parallax/normalisation';
import { InstrumentTable } from '@parallax/types';
import type { LoadedRecording } from './recordings.js';

/** Takes everything and keeps nothing but counts: what follows normalisation is not measured here. */
export class CountingSink implements NormalisedSink {
  quotes = 0;
  books = 0;
  trades = 0;
  deadLetters = 0;
  onQuote(): void {
    this.quotes++;
  }
  onBook(): void {
    this.books++;
  }
  onTrades(): void {
    this.trades++;
  }
  onDeadLetter(): void {
    this.deadLetters++;
  }
  onSnapshotWanted(): void {}
  onTrust(): void {}
}

/** The normalisation that runs live, fresh, with the instrument of each REST snapshot. */
export function normaliserOf({ recording, instruments }: LoadedRecording, options?: NormaliserOptions) {
  const table = new InstrumentTable();
  for (const specification of instruments) table.add(specification);
  const sink = new CountingSink();
  const normaliser = new VenueNormaliser(recording.definition, table, sink, options);
  const instrumentOf = (venueSymbol: string): number =>
    table.all().findIndex((one) => one.venueSymbol === venueSymbol && one.venue === recording.definition.id);
  return { normaliser, sink, table, instrumentOf };
}

/** Every frame through a fresh normaliser. */
export function runOurs(loaded: LoadedRecording, options?: NormaliserOptions) {
  const made = normaliserOf(loaded, options);
  const { normaliser, instrumentOf } = made;
  const { frames } = loaded;
  for (let i = 0; i < frames.length; i++) {
    const { connection, receivedAtUs, bytes, rest, venueSymbol } = frames[i];
    if (rest) normaliser.onSnapshot(connection, i, receivedAtUs, bytes, instrumentOf(venueSymbol));
    else normaliser.onFrame(connection, i, receivedAtUs, bytes);
  }
  return made;
}
