import { FrameFault } from './plain.js';
import type { FrameSink } from './reader.js';

/** Runs a plain path: its fault becomes the one refusal of the frame. Anything else is a programming error. */
export function guarded(sink: FrameSink, read: () => void, instrument = -1): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof FrameFault)) throw error;
    sink.onRefused(error.reason, error.place, error.instrument >= 0 ? error.instrument : instrument);
  }
}

/** Runs the part of a plain path that reads one known instrument, so that its faults name it. */
export function ofInstrument<T>(instrument: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FrameFault && error.instrument < 0) throw new FrameFault(error.reason, error.place, instrument);
    throw error;
  }
}

/**
 * Runs the part of a plain path that reads the changes of `books` books of one frame. A frame is taken as a whole or not at
 * all: what is wrong with one book is lost to the others too, so that a fault among several names none of them.
 */
export function ofBooks<T>(books: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FrameFault && books > 1) throw new FrameFault(error.reason, error.place);
    throw error;
  }
}
