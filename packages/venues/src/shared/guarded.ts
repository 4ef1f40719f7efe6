import { FrameFault, objectAt, type JsonObject } from './plain.js';
import type { FrameSink } from './reader.js';

/** Tells the sink what was read of one part of a frame. */
export type Emit = () => void;

function refusal(sink: FrameSink, { reason, place, instrument, mayBeOfBook, finer }: FrameFault): void {
  sink.onRefused(reason, place, instrument, mayBeOfBook);
  if (finer && instrument >= 0) sink.onFiner?.(finer, instrument);
}

/** Runs a plain path: its fault becomes the refusal of the whole frame. Anything else is a programming error. */
export function guarded(sink: FrameSink, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof FrameFault)) throw error;
    refusal(sink, error);
  }
}

/** Runs the part of a plain path that reads one known instrument, so that its faults name it. */
export function ofInstrument<T>(instrument: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FrameFault && error.instrument < 0) throw new FrameFault(error.reason, error.place, instrument, error.mayBeOfBook, error.finer);
    throw error;
  }
}

/** Runs the part of a plain path that reads a channel. Faults of any other than the book's leave the books as they are. */
export function ofChannel<T>(isBook: boolean, read: () => T): T {
  if (isBook) return read();
  try {
    return read();
  } catch (error) {
    if (error instanceof FrameFault && error.mayBeOfBook) throw new FrameFault(error.reason, error.place, error.instrument, false, error.finer);
    throw error;
  }
}

/** What is known of the parts of a frame before they are read; `instrument` is -1 where each names its own. */
export interface PartsOf {
  readonly isBook: boolean;
  readonly instrument: number;
}

/** Reads one part of a frame. A fault in it joins what is to be told, and costs no other part: then there is no value. */
export function partOf<T>(sink: FrameSink, emits: Emit[], { isBook, instrument }: PartsOf, read: () => T): T | undefined {
  try {
    return ofChannel(isBook, () => ofInstrument(instrument, read));
  } catch (error) {
    if (!(error instanceof FrameFault)) throw error;
    emits.push(() => refusal(sink, error));
    return undefined;
  }
}

/** Reads the entries of a list, each a part by itself. */
export function partsOf(
  sink: FrameSink, entries: readonly unknown[], place: string, of: PartsOf, read: (entry: JsonObject, place: string) => Emit | readonly Emit[],
): Emit[] {
  const emits: Emit[] = [];
  entries.forEach((value, index) => {
    const at = `${place}[${index}]`;
    const told = partOf(sink, emits, of, () => read(objectAt(value, at), at));
    if (told !== undefined) emits.push(...[told].flat());
  });
  return emits;
}

/** Of a symbol that is not read here: whatever the channel, no book of ours is concerned. */
export const unknownSymbol = (symbol: string, place: string): FrameFault => new FrameFault(`unknown symbol ${symbol}`, place, -1, false);
