import { expect, test } from '@jest/globals';
import { atLeastAsFine, InstrumentTable, Trust, TrustCause, type Decimals } from '@parallax/types';
import { okx, VENUES, type FinerNumber } from '@parallax/venues';
import { FinerNumbers, VenueNormaliser } from '../src/index.js';

const START = 1_786_309_548_000_000;
const SECOND = 1_000_000;

function tableOf(): { table: InstrumentTable; instrument: number } {
  const table = new InstrumentTable();
  const instrument = table.add(okx.catalogue.find(({ symbol }) => symbol === 'BTC/USDT')!);
  return { table, instrument };
}

test('the listing is asked for at once, ever less often while it does not help, and anew for finer news', () => {
  const { table, instrument } = tableOf();
  const asked: Decimals[] = [];
  const finer = new FinerNumbers(table, (_, needed) => void asked.push(needed));
  const { priceScale, sizeScale } = table.get(instrument);
  let nowUs = START;
  const pass = (seconds: number): void => {
    for (let i = 0; i < seconds * 10; i++) {
      nowUs += SECOND / 10;
      finer.note({ scale: priceScale, decimals: priceScale + 1 }, instrument, nowUs);
      if (nowUs >= finer.wakeAtUs) finer.onWake(nowUs);
    }
  };
  finer.note({ scale: priceScale, decimals: priceScale + 1 }, instrument, nowUs);
  expect(asked).toEqual([{ price: priceScale + 1, size: sizeScale }]);
  pass(60);
  expect(asked).toHaveLength(6);
  table.add({ ...atLeastAsFine(table.get(instrument), { price: priceScale + 1, size: 0 }), version: 2 });
  finer.onWake(nowUs);
  expect(finer.wakeAtUs).toBe(Infinity);
  finer.note({ scale: sizeScale, decimals: sizeScale + 2 }, instrument, nowUs);
  expect(asked.at(-1)).toEqual({ price: priceScale + 1, size: sizeScale + 2 });
});

test('OKX takes a finer tick while it runs: the number is news, and the book goes on with the new version', () => {
  const { table, instrument } = tableOf();
  const news: [FinerNumber, number][] = [];
  const state: [number, number][] = [];
  const normaliser = new VenueNormaliser(VENUES.get('okx')!, table, {
    onQuote: () => {}, onBook: () => {}, onTrades: () => {}, onDeadLetter: () => {}, onSnapshotWanted: () => {},
    onTrust: (_, trust, cause) => void state.push([trust, cause]),
  }, { onFiner: (finer, of) => void news.push([finer, of]) });
  let frame = 0;
  const at = (): string => String((START + frame * SECOND) / 1_000);
  const levels = (from: number, step: number): string => JSON.stringify(Array.from({ length: 40 }, (_, i) => [(from + i * step).toFixed(2), '1', '0', '1']));
  const say = (action: string, previous: number, id: number, bids: string, asks = '[]'): void => {
    const text = `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"${action}","data":[{"asks":${asks},"bids":${bids},"ts":"${at()}","checksum":0,"seqId":${id},"prevSeqId":${previous}}]}`;
    normaliser.onFrame(1, ++frame, START + frame * SECOND, Buffer.from(text));
  };
  const snapshot = (id: number): void => say('snapshot', -1, id, levels(60_000, -0.1), levels(60_000.1, 0.1));
  snapshot(100);
  const keeper = () => normaliser.market(instrument).keeper;
  expect(keeper().trust).toBe(Trust.synced);
  say('update', 100, 101, '[["60000.05","1","0","1"]]');
  expect(news).toEqual([[{ scale: 1, decimals: 2 }, instrument]]);
  // The level may be the best: no price of this book is shown as good, and nothing else of the frame is lost.
  expect([keeper().trust, keeper().cause]).toEqual([Trust.suspect, TrustCause.levelUnreadable]);
  // A deep one ends the depth, and no more.
  say('update', 101, 102, '[["60000.05","0","0","1"],["59998.05","1","0","1"]]');
  expect([keeper().trust, keeper().unreadable.bidEnd]).toEqual([Trust.synced, 599_981]);
  // The listing was read: the new version's book begins with a snapshot, at the new scale.
  table.add({ ...atLeastAsFine(table.get(instrument), { price: 2, size: 0 }), version: 2 });
  say('update', 102, 103, '[["60000.06","1","0","1"]]');
  expect(state.at(-1)?.[0]).toBe(Trust.resyncing);
  snapshot(110);
  say('update', 110, 111, '[["60000.06","2","0","1"]]');
  expect([keeper().trust, keeper().book.bestBidPrice]).toEqual([Trust.synced, 6_000_006]);
});
