import { Side, type BookReader, type ChecksumRule, type InBand } from '@parallax/book';
import { LevelChecksum } from '../shared/level-checksum.js';

const LEVELS = 25;
const COLON = 0x3a;
const bidPrices = new Float64Array(LEVELS);
const bidSizes = new Float64Array(LEVELS);
const askPrices = new Float64Array(LEVELS);
const askSizes = new Float64Array(LEVELS);

/** Bids and asks in turn, best first; the rest of the longer side follows. */
function inTurn(book: BookReader, levels: Float64Array): number {
  const bids = book.top(Side.bid, bidPrices, bidSizes);
  const asks = book.top(Side.ask, askPrices, askSizes);
  let at = 0;
  for (let i = 0; i < bids || i < asks; i++) {
    if (i < bids) {
      levels[at++] = bidPrices[i];
      levels[at++] = bidSizes[i];
    }
    if (i < asks) {
      levels[at++] = askPrices[i];
      levels[at++] = askSizes[i];
    }
  }
  return at / 2;
}

const sum = new LevelChecksum({
  capacity: LEVELS * 2,
  order: inTurn,
  write(text, price, size, { priceScale, sizeScale }, first) {
    if (!first) text.byte(COLON);
    text.trimmed(price, priceScale);
    text.byte(COLON);
    text.trimmed(size, sizeScale);
  },
});

/**
 * OKX's checksum: the best 25 bids and asks in turn as `price:size`, the numbers as the venue writes them (no trailing
 * zeros, so the integers alone give the text back), joined by colons, CRC-32 as a signed integer. When one side runs
 * out, the other goes on. Sent until June 2026; since then the field is 0, which means: not computed.
 */
export const CHECKSUM: ChecksumRule = {
  name: 'crc32 of the best 25',
  levels: LEVELS,
  absent: 0,
  compute: (book, instrument) => sum.compute(book, instrument),
};

/** Levels a side of a book by REST: the most that the venue gives. */
export const SNAPSHOT_LEVELS = 400;

/**
 * The first message of `books` is a snapshot of up to 400 levels, the following are updates. Two dialects: until 2022
 * frames carry a checksum and no ids; today `prevSeqId` of an update equals `seqId` of the one before. Without a change
 * for a minute a keep-alive repeats the id (both equal); after maintenance the counter starts anew once. The venue announced to
 * drop the snapshot: then, or where one has next to no levels, `/market/books` stands in for it.
 * Levels that the venue pushes out of the best 400 are removed by it explicitly, and those that come among them are told, so nothing is
 * cut here. The documents promise that of the channel's own snapshot alone: a book by REST ends with its last level.
 */
export const JOIN: InBand = {
  kind: 'in-band',
  link: 'previous',
  allowReset: true,
  bridge: { fewestLevels: 10, snapshotLevels: [SNAPSHOT_LEVELS] },
  checksum: CHECKSUM,
  crossed: 'resync',
};
