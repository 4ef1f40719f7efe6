import { expect, test } from '@jest/globals';
import { BookFollower } from '@parallax/book';
import { InstrumentTable } from '@parallax/types';
import { binance } from '@parallax/venues';
import { VenueNormaliser } from './venue-normaliser.js';

const SECOND = 1_000_000;
const START = 1_723_161_300 * SECOND;
const bytes = (frame: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(frame));

/** A writer of BTC/USDT's book whose changes `follower` reads; quotes are not heard. */
function writer(follower: BookFollower): { snapshot(id: number, bid: string, atUs: number): void; change(id: number, bid: string, atUs: number): void } {
  const instruments = new InstrumentTable();
  const instrument = instruments.add(binance.catalogue[0]);
  const ignored = (): void => undefined;
  const normaliser = new VenueNormaliser(binance, instruments, {
    onBook: (_, row) => follower.apply(row),
    onQuote: ignored, onTrades: ignored, onDeadLetter: ignored, onTrust: ignored, onSnapshotWanted: ignored,
  });
  return {
    snapshot: (id, bid, atUs) => normaliser.onSnapshot(1, 1, atUs, bytes({ lastUpdateId: id, bids: [[bid, '1']], asks: [['200', '1']] }), instrument),
    change: (id, bid, atUs) => normaliser.onFrame(1, 2, atUs, bytes({
      stream: 'btcusdt@depth@100ms', data: { e: 'depthUpdate', E: atUs / 1_000, s: 'BTCUSDT', U: id, u: id, b: [[bid, '1']], a: [] },
    })),
  };
}

test('who follows a book takes that of a writer which starts anew, even where no word of the loss reached it', () => {
  const follower = new BookFollower(1);
  const first = writer(follower);
  first.snapshot(10, '100', START);
  for (let id = 11; id < 20; id++) first.change(id, String(90 + id), START + id * 1_000);
  expect([follower.inStep, follower.book.bestBidPrice]).toEqual([true, 10_900]);
  const second = writer(follower);
  second.snapshot(30, '50', START + SECOND);
  second.change(31, '51', START + SECOND);
  expect([follower.inStep, follower.book.bestBidPrice, follower.book.levels(0)]).toEqual([true, 5_100, 2]);
});
