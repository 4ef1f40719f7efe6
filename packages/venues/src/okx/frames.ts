import type { InstrumentTable } from '@parallax/types';
import type { FrameSink } from '../shared/reader.js';
import { TwoPathReader } from '../shared/two-path-reader.js';
import { OkxPlain } from './plain.js';
import { OkxScan } from './scan.js';

/** Reads the public frames of OKX v5, spot and derivatives. */
export class OkxReader extends TwoPathReader {
  constructor(instruments: InstrumentTable, sink: FrameSink) {
    super(new OkxScan(instruments, sink), new OkxPlain(instruments, sink));
  }
}
