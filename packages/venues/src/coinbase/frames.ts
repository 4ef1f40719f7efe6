import type { InstrumentTable } from '@parallax/types';
import type { FrameReader, FrameSink } from '../shared/reader.js';
import type { CoinbaseOptions } from './options.js';
import { CoinbasePlain } from './plain.js';
import { CoinbaseScan } from './scan.js';

/** Reads the public frames of Coinbase Advanced Trade. */
export class CoinbaseReader implements FrameReader {
  private readonly fast: CoinbaseScan;
  private readonly slow: CoinbasePlain;

  constructor(options: CoinbaseOptions, instruments: InstrumentTable, sink: FrameSink) {
    this.fast = new CoinbaseScan(options, instruments, sink);
    this.slow = new CoinbasePlain(options, instruments, sink);
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
