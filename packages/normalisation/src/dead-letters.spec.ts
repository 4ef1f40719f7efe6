import { expect, test } from '@jest/globals';
import { InstrumentTable, type DeadLetter } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { VenueNormaliser } from './venue-normaliser.js';

const binance = VENUES.get('binance')!;
const NOW = 1_760_000_000_000_000;

/** What is left of frames and snapshots of BTC/USDT that cannot be read. */
function letters(feed: (normaliser: VenueNormaliser) => void): DeadLetter[] {
  const instruments = new InstrumentTable();
  instruments.add(binance.catalogue[0]);
  const kept: DeadLetter[] = [];
  const nothing = (): void => {};
  feed(new VenueNormaliser(binance, instruments, {
    onQuote: nothing, onBook: nothing, onTrades: nothing, onSnapshotWanted: nothing, onTrust: nothing, onDeadLetter: (letter) => kept.push(letter),
  }));
  return kept;
}
const text = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

test('a letter says what it was and of which symbol, where that can be told', () => {
  const depth = { stream: 'btcusdt@depth@100ms', data: { e: 'depthUpdate', E: NOW / 1000, s: 'BTCUSDT', U: 1, u: 2, b: [['x', '1']], a: [] } };
  const kept = letters((normaliser) => {
    normaliser.onFrame(1, 1, NOW, text(depth));
    normaliser.onFrame(1, 2, NOW, text('{"stream":'));
    normaliser.onSnapshot(2, 1, NOW, text('<html>'), 0);
  });
  expect(kept.map(({ kind, symbol }) => [kind, symbol])).toEqual([['stream', 'BTC/USDT'], ['stream', null], ['snapshot', 'BTC/USDT']]);
});

test('the first snapshot that is refused for a reason is kept whole, those after it in part', () => {
  const levels = Array.from({ length: 5_000 }, (_, i) => [`${50_000 - i}.00`, '0.00100000']);
  const snapshot = text({ lastUpdateId: 7, bids: levels, asks: [['x', '1']] });
  expect(snapshot.length).toBeGreaterThan(100_000);
  const kept = letters((normaliser) => {
    for (const frame of [1, 2]) normaliser.onSnapshot(2, frame, NOW, snapshot, 0);
  });
  expect(kept.map(({ truncated, text: { length } }) => [truncated, length])).toEqual([[false, snapshot.length], [true, 65_536]]);
});
