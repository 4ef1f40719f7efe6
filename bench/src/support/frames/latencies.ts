import { normaliserOf } from '../ours.js';
import { Samples, type Percentiles } from '../percentiles.js';
import type { LoadedRecording } from '../recordings.js';

export type FrameKind = 'depth' | 'bookTicker' | 'trade';
const kindOf = (text: string): FrameKind => (text.includes('@depth') ? 'depth' : text.includes('@bookTicker') ? 'bookTicker' : 'trade');

/** What one frame of each kind takes, in microseconds, the timer's own time inside; after one pass to warm up. */
export function latenciesOf(files: readonly LoadedRecording[], passes: number): Record<FrameKind, Percentiles> {
  const kinds = { depth: new Samples(200_000), bookTicker: new Samples(600_000), trade: new Samples(200_000) };
  for (let pass = 0; pass <= passes; pass++) {
    for (const loaded of files) {
      const { normaliser, instrumentOf } = normaliserOf(loaded);
      const { frames } = loaded;
      const of = frames.map(({ bytes }) => kinds[kindOf(bytes.toString('latin1', 0, 40))]);
      for (let i = 0; i < frames.length; i++) {
        const { connection, receivedAtUs, bytes, rest, venueSymbol } = frames[i];
        if (rest) {
          normaliser.onSnapshot(connection, i, receivedAtUs, bytes, instrumentOf(venueSymbol));
          continue;
        }
        const startedAt = performance.now();
        normaliser.onFrame(connection, i, receivedAtUs, bytes);
        const tookUs = (performance.now() - startedAt) * 1000;
        if (pass > 0) of[i].add(tookUs);
      }
    }
  }
  return { depth: kinds.depth.percentiles(), bookTicker: kinds.bookTicker.percentiles(), trade: kinds.trade.percentiles() };
}
