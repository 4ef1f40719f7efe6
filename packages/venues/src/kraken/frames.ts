import type { InstrumentTable } from '@parallax/types';
import type { FrameReader, FrameSink } from '../shared/reader.js';
import { KrakenPlain } from './plain.js';
import { KrakenScan } from './scan.js';

/** Reads the public frames of Kraken WebSocket v2. */
export class KrakenReader implements FrameReader {
  private readonly fast: KrakenScan;
  private readonly slow: KrakenPlain;

  constructor(instruments: InstrumentTable, sink: FrameSink) {
    this.fast = new KrakenScan(instruments, sink);
    this.slow = new KrakenPlain(instruments, sink);
  }

  read(bytes: Uint8Array): void {
    if (!this.fast.scan(bytes)) this.slow.read(bytes);
  }

  scan(bytes: Uint8Array): boolean {
    return this.fast.scan(bytes);
  }

  plain(bytes: Uint8Array): void {
    this.slow.read(bytes);
  }

  snapshot(bytes: Uint8Array, instrument: number): void {
    this.slow.snapshot(bytes, instrument);
  }
}
