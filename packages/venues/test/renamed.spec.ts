import { InstrumentTable } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { binance, type FrameSink } from '../src/index.js';

/** A best quote of Binance spot, as it is written. */
const frame = (name: string): Uint8Array =>
  Buffer.from(`{"stream":"${name.toLowerCase()}@bookTicker","data":{"u":7,"s":"${name}","b":"100.00","B":"1","a":"101.00","A":"2"}}`);

test('a symbol whose name at the venue changes is found by the new name alone, by both paths, however often the old one came', () => {
  const instruments = new InstrumentTable();
  const [bitcoin] = binance.catalogue;
  const instrument = instruments.add(bitcoin);
  const told: string[] = [];
  const ignored = (): void => {};
  const sink: FrameSink = {
    onTicker: (update) => void told.push(`quote of ${update.instrument}`), onRefused: (reason) => void told.push(reason),
    onDepth: ignored, onTrades: ignored, onNotice: ignored, onConnectionSequence: ignored,
  };
  const reader = binance.createReader(instruments, sink);
  const heard = (name: string): string[] => {
    told.length = 0;
    reader.read(frame(name));
    reader.plain(frame(name));
    return [...told];
  };
  expect(heard('BTCUSDT')).toEqual([`quote of ${instrument}`, `quote of ${instrument}`]);
  expect(instruments.add({ ...bitcoin, venueSymbol: 'BTCUSDT2' })).toBe(instrument);
  expect(heard('BTCUSDT')).toEqual(['unknown symbol BTCUSDT', 'unknown symbol BTCUSDT']);
  expect(heard('BTCUSDT2')).toEqual([`quote of ${instrument}`, `quote of ${instrument}`]);
});
