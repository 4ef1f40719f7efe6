import { Side, type BookReader, type ChecksumRule, type InBand } from '@parallax/book';
import { crc32, DigitText } from '../shared/crc32.js';

const LEVELS = 25;
const COLON = 0x3a;
/** Two numbers of at most 18 characters and two colons for each of 50 levels. */
const text = new DigitText(LEVELS * 2 * 40);
const bidPrices = new Float64Array(LEVELS);
const bidSizes = new Float64Array(LEVELS);
const askPrices = new Float64Array(LEVELS);
const askSizes = new Float64Array(LEVELS);

/**
 * OKX's checksum: the best 25 bids and asks in turn as `price:size`, the numbers as the venue writes them (no trailing
 * zeros, so the integers alone give the text back), joined by colons, CRC-32 as a signed integer. When one side runs
 * out, the other goes on. Sent until June 2026; since then the field is 0, which means: not computed.
 */
export const CHECKSUM: ChecksumRule = {
  name: 'crc32 of the best 25',
  absent: 0,
  compute(book: BookReader, { priceScale, sizeScale }): number {
    const bids = book.top(Side.bid, bidPrices, bidSizes);
    const asks = book.top(Side.ask, askPrices, askSizes);
    text.clear();
    for (let i = 0; i < bids || i < asks; i++) {
      if (i < bids) level(bidPrices[i], bidSizes[i], priceScale, sizeScale);
      if (i < asks) level(askPrices[i], askSizes[i], priceScale, sizeScale);
    }
    // Every number is followed by a colon; the last one does not count.
    return crc32(text.bytes, Math.max(0, text.length - 1));
  },
};

function level(price: number, size: number, priceScale: number, sizeScale: number): void {
  text.trimmed(price, priceScale);
  text.byte(COLON);
  text.trimmed(size, sizeScale);
  text.byte(COLON);
}

/**
 * The first message of `books` is a snapshot of up to 400 levels, the following are updates. Two dialects: until 2022
 * frames carry a checksum and no ids; today `prevSeqId` of an update equals `seqId` of the one before. Without a change
 * for a minute a keep-alive repeats the id (both equal); after maintenance the counter starts anew once.
 * Levels that the venue pushes out of the best 400 are removed by it explicitly, so nothing is cut here.
 */
export const JOIN: InBand = {
  kind: 'in-band',
  link: 'previous',
  allowReset: true,
  checksum: CHECKSUM,
  crossed: 'resync',
  resync: 'resubscribe',
};
