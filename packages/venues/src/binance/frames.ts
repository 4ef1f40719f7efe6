import type { InstrumentTable } from '@parallax/types';
import type { FrameSink } from '../shared/reader.js';
import { TwoPathReader } from '../shared/two-path-reader.js';
import type { BinanceDialect } from './dialect.js';
import { BinancePlain } from './plain.js';
import { BinanceScan } from './scan.js';

/** Reads the frames of Binance spot, USD-M and COIN-M. */
export class BinanceReader extends TwoPathReader {
  constructor(dialect: BinanceDialect, instruments: InstrumentTable, sink: FrameSink) {
    super(new BinanceScan(dialect, instruments, sink), new BinancePlain(dialect, instruments, sink));
  }
}
