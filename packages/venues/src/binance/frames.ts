import type { InstrumentTable } from '@parallax/types';
import type { FrameReader, FrameSink } from '../shared/reader.js';
import type { BinanceDialect } from './dialect.js';
import { BinancePlain } from './plain.js';
import { BinanceScan } from './scan.js';

/** Reads the frames of Binance spot, USD-M and COIN-M. */
export class BinanceReader implements FrameReader {
  private readonly fast: BinanceScan;
  private readonly slow: BinancePlain;

  constructor(dialect: BinanceDialect, instruments: InstrumentTable, sink: FrameSink) {
    this.fast = new BinanceScan(dialect, instruments, sink);
    this.slow = new BinancePlain(dialect, instruments, sink);
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
