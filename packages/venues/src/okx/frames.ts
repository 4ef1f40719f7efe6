import type { InstrumentTable } from '@parallax/types';
import type { FrameReader, FrameSink } from '../shared/reader.js';
import { OkxPlain } from './plain.js';
import { OkxScan } from './scan.js';

/** Reads the public frames of OKX v5, spot and derivatives. */
export class OkxReader implements FrameReader {
  private readonly fast: OkxScan;
  private readonly slow: OkxPlain;

  constructor(instruments: InstrumentTable, sink: FrameSink) {
    this.fast = new OkxScan(instruments, sink);
    this.slow = new OkxPlain(instruments, sink);
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
