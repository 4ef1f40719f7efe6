import { describe, expect, test } from '@jest/globals';
import { Trust, TrustCause, type InstrumentSpecification } from '@parallax/types';
import { Applied, BookKeeper } from './book-keeper.js';
import { DepthUpdate } from './depth-update.js';
import type { InBand, JoinRule, RestBridge } from './join-rule.js';

const SPOT: RestBridge = { kind: 'rest-bridge', firstLink: 'covers-next', link: 'contiguous', crossed: 'resync', snapshotLevels: [] };
const FUTURES: RestBridge = { kind: 'rest-bridge', firstLink: 'covers', link: 'previous', crossed: 'resync', snapshotLevels: [] };
const CHAINED: InBand = { kind: 'in-band', link: 'previous', allowReset: true, crossed: 'resync' };

const SPECIFICATION: InstrumentSpecification = {
  venue: 'test', symbol: 'A/B', venueSymbol: 'AB', base: 'A', quote: 'B', settle: 'B', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 0, sizeScale: 0, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
};

type Ids = Partial<Pick<DepthUpdate, 'firstId' | 'lastId' | 'previousId' | 'checksum'>>;
type Level = readonly [price: number, size: number];

function update(ids: Ids, bids: readonly Level[] = [], asks: readonly Level[] = []): DepthUpdate {
  const made = Object.assign(new DepthUpdate(), ids);
  for (const [price, size] of bids) made.bids.push(price, size);
  for (const [price, size] of asks) made.asks.push(price, size);
  return made;
}
const snapshot = (id: number, bids: readonly Level[] = [[99, 1]], asks: readonly Level[] = [[101, 1]]): DepthUpdate =>
  Object.assign(update({ lastId: id, firstId: id }, bids, asks), { snapshot: true });

function keeper(rule: JoinRule): { keeper: BookKeeper; wanted: TrustCause[] } {
  const wanted: TrustCause[] = [];
  return { keeper: new BookKeeper(rule, SPECIFICATION, (cause) => wanted.push(cause)), wanted };
}

describe('bridge of REST snapshot and updates, spot', () => {
  test('updates wait, the contained ones are dropped, the overlapping one applies, then each must be contiguous', () => {
    const { keeper: book, wanted } = keeper(SPOT);
    expect(book.apply(update({ firstId: 1, lastId: 5 }, [[50, 9]]))).toBe(Applied.buffered);
    expect(book.apply(update({ firstId: 6, lastId: 12 }, [[98, 7]]))).toBe(Applied.buffered);
    expect(wanted).toEqual([TrustCause.snapshotMissing]);
    expect(book.apply(snapshot(10))).toBe(Applied.changed);
    expect([book.trust, book.lastId, book.book.sizeAt(0, 98), book.book.sizeAt(0, 50)]).toEqual([Trust.synced, 12, 7, 0]);
    expect(book.apply(update({ firstId: 13, lastId: 13 }, [[99, 0]]))).toBe(Applied.changed);
    expect(book.book.bestBidPrice).toBe(98);
  });

  test('exact contiguity with the snapshot is accepted', () => {
    const { keeper: book } = keeper(SPOT);
    book.apply(snapshot(10));
    expect(book.apply(update({ firstId: 11, lastId: 11 }, [[98, 1]]))).toBe(Applied.changed);
    expect(book.trust).toBe(Trust.synced);
  });

  test('a snapshot older than the buffer is asked for again, and the buffer stays', () => {
    const { keeper: book, wanted } = keeper(SPOT);
    book.apply(update({ firstId: 20, lastId: 21 }, [[98, 3]]));
    expect(book.apply(snapshot(10))).toBe(Applied.ignored);
    expect(book.trust).toBe(Trust.resyncing);
    expect(wanted).toHaveLength(2);
    expect(book.apply(snapshot(20))).toBe(Applied.changed);
    expect([book.trust, book.lastId, book.book.sizeAt(0, 98)]).toEqual([Trust.synced, 21, 3]);
  });

  test('a duplicate is ignored, a missing update is a gap that empties the book and asks once', () => {
    const { keeper: book, wanted } = keeper(SPOT);
    book.apply(snapshot(10));
    book.apply(update({ firstId: 11, lastId: 12 }));
    expect(book.apply(update({ firstId: 11, lastId: 12 }, [[50, 1]]))).toBe(Applied.ignored);
    expect(book.apply(update({ firstId: 14, lastId: 14 }))).toBe(Applied.broken);
    expect([book.trust, book.cause, book.book.levels(0), book.counters.gaps]).toEqual([Trust.resyncing, TrustCause.gap, 0, 1]);
    book.apply(update({ firstId: 15, lastId: 16 }));
    expect(wanted).toEqual([TrustCause.gap]);
    // The update that showed the gap waits for the next snapshot like those behind it.
    expect(book.apply(snapshot(13))).toBe(Applied.changed);
    expect([book.trust, book.lastId]).toEqual([Trust.synced, 16]);
  });

  test('size zero on an unknown level changes nothing, a crossed book is lost data', () => {
    const { keeper: book } = keeper(SPOT);
    book.apply(snapshot(10));
    expect(book.apply(update({ firstId: 11, lastId: 11 }, [[5, 0]]))).toBe(Applied.changed);
    expect(book.apply(update({ firstId: 12, lastId: 12 }, [[101, 4]]))).toBe(Applied.broken);
    expect([book.trust, book.cause]).toEqual([Trust.resyncing, TrustCause.crossed]);
  });
});

describe('bridge, futures', () => {
  test('the first update covers the snapshot id, later ones name their predecessor', () => {
    const { keeper: book } = keeper(FUTURES);
    book.apply(update({ firstId: 1, lastId: 9, previousId: 0 }));
    book.apply(update({ firstId: 8, lastId: 14, previousId: 9 }, [[97, 2]]));
    book.apply(snapshot(10));
    expect([book.trust, book.lastId, book.book.sizeAt(0, 97)]).toEqual([Trust.synced, 14, 2]);
    // Ids may jump as long as the chain holds.
    expect(book.apply(update({ firstId: 40, lastId: 45, previousId: 14 }))).toBe(Applied.changed);
    expect(book.apply(update({ firstId: 46, lastId: 50, previousId: 44 }))).toBe(Applied.broken);
  });

  test('a first update that hangs on the snapshot by its predecessor is linked too', () => {
    const { keeper: book } = keeper(FUTURES);
    book.apply(snapshot(100));
    expect(book.apply(update({ firstId: 150, lastId: 160, previousId: 100 }))).toBe(Applied.changed);
  });
});

function started(): BookKeeper {
  const { keeper: book } = keeper(CHAINED);
  book.apply(Object.assign(snapshot(10), { previousId: -1 }));
  return book;
}

describe('in-band snapshot with a chain', () => {
  test('keep-alives and one reset are accepted, anything else is a gap', () => {
    const book = started();
    expect(book.apply(update({ previousId: 10, lastId: 10 }))).toBe(Applied.changed);
    expect(book.cause).toBe(TrustCause.snapshotApplied);
    expect(book.apply(update({ previousId: 10, lastId: 3 }))).toBe(Applied.changed);
    expect([book.trust, book.cause]).toEqual([Trust.synced, TrustCause.venueReset]);
    expect(book.apply(update({ previousId: 3, lastId: 5 }))).toBe(Applied.changed);
    expect(book.apply(update({ previousId: 4, lastId: 6 }))).toBe(Applied.broken);
  });

  test('a reset proves the channel as any other update', () => {
    const book = started();
    book.fault(TrustCause.silence);
    book.apply(update({ previousId: 10, lastId: 3 }));
    expect([book.trust, book.cause]).toEqual([Trust.synced, TrustCause.venueReset]);
  });

  test('an update without ids proves nothing where ids chain', () => {
    // The dialect without ids leaves the book at 0: its updates go on, and none of them shows that nothing was lost before it.
    const { keeper: book, wanted } = keeper(CHAINED);
    book.apply(snapshot(0));
    book.fault(TrustCause.connectionGap);
    book.apply(update({}, [[98, 1]]));
    expect([book.trust, book.cause, book.chained]).toEqual([Trust.suspect, TrustCause.connectionGap, false]);
    expect([book.continues({ firstId: 0, lastId: 0, previousId: 0 }), wanted]).toEqual([false, [TrustCause.connectionGap]]);
    const ided = started();
    ided.fault(TrustCause.connectionGap);
    expect(ided.continues({ firstId: 0, lastId: 0, previousId: 0 })).toBe(false);
    ided.apply(update({ previousId: 10, lastId: 11 }));
    expect(ided.trust).toBe(Trust.synced);
  });

  test('ids that vanish break the chain', () => {
    expect(started().apply(update({}))).toBe(Applied.broken);
  });

  test('updates before any snapshot bring a request, not a book', () => {
    const { keeper: book, wanted } = keeper(CHAINED);
    expect(book.apply(update({ previousId: 1, lastId: 2 }, [[9, 9]]))).toBe(Applied.ignored);
    expect([book.book.levels(0), book.cause, wanted]).toEqual([0, TrustCause.snapshotMissing, [TrustCause.snapshotMissing]]);
  });

  test('a snapshot in the middle replaces the book', () => {
    const book = started();
    book.apply(snapshot(50, [[90, 2]], [[95, 2]]));
    expect([book.book.bestBidPrice, book.book.levels(0), book.lastId]).toEqual([90, 1, 50]);
  });
});

describe('in-band snapshot, or one by REST where it does not come', () => {
  const rule: InBand = { ...CHAINED, bridge: { fewestLevels: 1, snapshotLevels: [] } };
  const fetched = (id: number): DepthUpdate => Object.assign(snapshot(id), { fetched: true });
  const chained = (previousId: number, lastId: number, level: Level): DepthUpdate => update({ previousId, lastId }, [level]);

  test('a snapshot in the stream is taken and nothing is asked for', () => {
    const { keeper: book, wanted } = keeper(rule);
    book.apply(snapshot(10));
    book.apply(chained(10, 12, [98, 1]));
    expect([book.trust, book.lastId, wanted]).toEqual([Trust.synced, 12, []]);
  });

  test('updates without one wait for the fetched one; those that it contains are dropped, the first kept spans its id, then the chain holds', () => {
    const { keeper: book, wanted } = keeper(rule);
    for (const [previous, last] of [[1, 5], [5, 9], [9, 12]] as const) {
      expect(book.apply(chained(previous, last, [50 + last, last]))).toBe(Applied.buffered);
    }
    expect(wanted).toEqual([TrustCause.snapshotMissing]);
    expect(book.apply(fetched(10))).toBe(Applied.changed);
    expect([book.trust, book.lastId, book.book.sizeAt(0, 62), book.book.sizeAt(0, 59)]).toEqual([Trust.synced, 12, 12, 0]);
    expect(book.apply(chained(12, 13, [63, 1]))).toBe(Applied.changed);
    expect(book.apply(chained(14, 15, [64, 1]))).toBe(Applied.broken);
  });

  test('a fetched one that is older than what waits is asked for again; one older than the book changes nothing', () => {
    const { keeper: book, wanted } = keeper(rule);
    book.apply(chained(20, 22, [98, 1]));
    expect(book.apply(fetched(10))).toBe(Applied.ignored);
    expect([book.trust, wanted.length]).toEqual([Trust.resyncing, 2]);
    book.apply(fetched(21));
    expect([book.trust, book.lastId]).toEqual([Trust.synced, 22]);
    expect(book.apply(fetched(21))).toBe(Applied.ignored);
    expect(book.lastId).toBe(22);
  });

  test('one in the stream contains what waited', () => {
    const { keeper: book } = keeper(rule);
    book.apply(chained(5, 6, [98, 1]));
    book.apply(snapshot(10));
    expect([book.trust, book.lastId, book.buffered, book.book.sizeAt(0, 98)]).toEqual([Trust.synced, 10, 0, 0]);
  });

  test('one in the stream that is nearly empty is no book: the fetched one is', () => {
    const { keeper: book, wanted } = keeper({ ...CHAINED, bridge: { fewestLevels: 2, snapshotLevels: [] } });
    book.apply(snapshot(10));
    expect([book.trust, book.book.levels(0), wanted]).toEqual([Trust.resyncing, 0, [TrustCause.snapshotMissing]]);
    book.apply(chained(10, 12, [98, 1]));
    book.apply(fetched(11));
    expect([book.trust, book.lastId, book.book.levels(0)]).toEqual([Trust.synced, 12, 2]);
  });

  test('the dialect without ids has nothing to hang a fetched one on', () => {
    const { keeper: book } = keeper({ ...CHAINED, bridge: { fewestLevels: 2, snapshotLevels: [] } });
    book.apply(snapshot(0));
    expect(book.trust).toBe(Trust.synced);
  });
});

describe('checksums', () => {
  const rule: InBand = {
    kind: 'in-band', link: 'none', crossed: 'resync', depthLimit: 2,
    checksum: { name: 'best bid', levels: 1, compute: (book) => book.bestBidPrice, absent: 0 },
  };

  test('are verified after the change and the cut, and where they fail the book is lost', () => {
    const { keeper: book } = keeper(rule);
    expect(book.apply(Object.assign(snapshot(0), { checksum: 99 }))).toBe(Applied.changed);
    book.apply(update({ checksum: 100 }, [[98, 1], [97, 1], [100, 1]]));
    expect([book.trust, book.book.levels(0), book.book.sizeAt(0, 98)]).toEqual([Trust.synced, 2, 0]);
    expect(book.apply(update({ checksum: 55 }, [[96, 1]]))).toBe(Applied.broken);
    expect(book.counters).toMatchObject({ checksumsChecked: 3, checksumsFailed: 1 });
  });

  test('that the venue did not compute are not checked', () => {
    const { keeper: book } = keeper(rule);
    book.apply(snapshot(0));
    expect(book.apply(update({ checksum: 0 }))).toBe(Applied.changed);
    expect(book.counters.checksumsChecked).toBe(0);
  });
});

describe('trust', () => {
  test('silence makes a book stale, the next linked update brings it back', () => {
    const { keeper: book } = keeper(SPOT);
    book.apply(snapshot(10));
    book.fault(TrustCause.silence);
    expect(book.trust).toBe(Trust.stale);
    book.apply(update({ firstId: 11, lastId: 11 }));
    expect([book.trust, book.cause]).toEqual([Trust.synced, TrustCause.resumed]);
  });

  test('a frame that could not be read makes it suspect until the chain proves that nothing was missed', () => {
    const { keeper: book } = keeper(SPOT);
    book.apply(snapshot(10));
    book.fault(TrustCause.frameRefused);
    expect(book.trust).toBe(Trust.suspect);
    book.apply(update({ firstId: 12, lastId: 12 }));
    expect([book.trust, book.cause]).toEqual([Trust.resyncing, TrustCause.gap]);
  });

  test('a gap of the whole connection is made good by an update that chains: nothing of this book was in it', () => {
    const { keeper: book, wanted } = keeper(CHAINED);
    book.apply(snapshot(10));
    book.fault(TrustCause.connectionGap);
    expect(book.trust).toBe(Trust.suspect);
    book.apply(update({ previousId: 10, lastId: 11 }));
    expect([book.trust, wanted]).toEqual([Trust.synced, []]);
  });

  test('where the venue proves nothing, a gap of the whole connection is made good by a snapshot alone, whatever comes first', () => {
    const { keeper: book, wanted } = keeper({ kind: 'in-band', link: 'none', crossed: 'resync' });
    book.apply(snapshot(0));
    book.fault(TrustCause.connectionGap);
    book.fault(TrustCause.silence);
    book.apply(update({}, [[98, 1]]));
    expect([book.trust, book.cause, wanted]).toEqual([Trust.suspect, TrustCause.connectionGap, [TrustCause.connectionGap]]);
    book.apply(snapshot(0));
    expect(book.trust).toBe(Trust.synced);
  });

  test('a snapshot older than what a doubted book has seen does not take its place', () => {
    const { keeper: book } = keeper(SPOT);
    book.apply(snapshot(10));
    book.apply(update({ firstId: 11, lastId: 15 }, [[98, 5]]));
    book.fault(TrustCause.silence);
    expect(book.apply(snapshot(12))).toBe(Applied.ignored);
    expect([book.trust, book.lastId, book.book.sizeAt(0, 98)]).toEqual([Trust.stale, 15, 5]);
    book.apply(snapshot(15));
    expect([book.trust, book.lastId]).toEqual([Trust.synced, 15]);
  });

  test('a checksum of the best levels does not prove that no change of deeper ones was lost', () => {
    const checked: InBand = {
      kind: 'in-band', link: 'none', crossed: 'resync',
      checksum: { name: 'best bid', levels: 1, compute: (book) => book.bestBidPrice },
    };
    const { keeper: book, wanted } = keeper(checked);
    book.apply(snapshot(0));
    book.fault(TrustCause.connectionGap);
    book.apply(update({ checksum: 99 }, [[50, 1]]));
    expect([book.trust, wanted]).toEqual([Trust.suspect, [TrustCause.connectionGap]]);
    book.apply(Object.assign(snapshot(0), { checksum: 99 }));
    expect(book.trust).toBe(Trust.synced);
  });

  test('what waited on a lost connection waits no more', () => {
    const { keeper: book } = keeper(SPOT);
    book.apply(update({ firstId: 1, lastId: 5 }));
    book.fault(TrustCause.connectionLost);
    book.apply(update({ firstId: 30, lastId: 31 }));
    expect(book.buffered).toBe(1);
  });

  test('a lost connection asks for nothing; the first update of the next one does', () => {
    const { keeper: book, wanted } = keeper(SPOT);
    book.apply(snapshot(10));
    book.fault(TrustCause.connectionLost);
    expect([book.trust, wanted]).toEqual([Trust.resyncing, []]);
    book.apply(update({ firstId: 30, lastId: 31 }));
    expect(wanted).toEqual([TrustCause.snapshotMissing]);
  });

  test('what was asked for on a connection that is gone is asked for again on the next one', () => {
    const { keeper: book, wanted } = keeper(SPOT);
    book.apply(update({ firstId: 1, lastId: 5 }));
    expect(wanted).toEqual([TrustCause.snapshotMissing]);
    book.fault(TrustCause.connectionLost);
    book.apply(update({ firstId: 30, lastId: 31 }));
    expect(wanted).toEqual([TrustCause.snapshotMissing, TrustCause.snapshotMissing]);
  });
});
