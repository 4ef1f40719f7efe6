import type { InstrumentTable } from '@parallax/types';
import type { FrameSink } from '../shared/reader.js';
import { TwoPathReader } from '../shared/two-path-reader.js';
import type { CoinbaseOptions } from './options.js';
import { CoinbasePlain } from './plain.js';
import { CoinbaseScan } from './scan.js';

/** Reads the public frames of Coinbase Advanced Trade. */
export class CoinbaseReader extends TwoPathReader {
  constructor(options: CoinbaseOptions, instruments: InstrumentTable, sink: FrameSink) {
    super(new CoinbaseScan(options, instruments, sink), new CoinbasePlain(options, instruments, sink));
  }
}
