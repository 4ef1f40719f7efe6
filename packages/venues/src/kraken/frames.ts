import type { InstrumentTable } from '@parallax/types';
import type { FrameSink } from '../shared/reader.js';
import { TwoPathReader } from '../shared/two-path-reader.js';
import { KrakenPlain } from './plain.js';
import { KrakenScan } from './scan.js';

/** Reads the public frames of Kraken WebSocket v2. */
export class KrakenReader extends TwoPathReader {
  constructor(instruments: InstrumentTable, sink: FrameSink) {
    super(new KrakenScan(instruments, sink), new KrakenPlain(instruments, sink));
  }
}
