import { Side, type BookReader, type ChecksumRule, type InBand } from '@parallax/book';
import { crc32, DigitText } from '../shared/crc32.js';

const LEVELS = 10;
const ZERO = 0x30;
/** Two numbers of at most 16 digits, and zeros after the price, for each of 20 levels. */
const text = new DigitText(LEVELS * 2 * 50);
const prices = new Float64Array(LEVELS);
const sizes = new Float64Array(LEVELS);

/**
 * Kraken's checksum: the best 10 asks, then the best 10 bids, of each level the price and the quantity at the pair's
 * full precision without point and leading zeros, all in one text; CRC-32, unsigned. An integer at the instrument's
 * scale is exactly that text, so the scales of a specification must be the venue's precisions. Prices that the venue
 * writes with further zeros (WebSocket v1) get them from `priceTextDecimals`.
 */
export const CHECKSUM: ChecksumRule = {
  name: 'crc32 of the best 10',
  compute(book: BookReader, { priceScale, priceTextDecimals = priceScale }): number {
    const zeros = priceTextDecimals - priceScale;
    text.clear();
    write(book, Side.ask, zeros);
    write(book, Side.bid, zeros);
    return crc32(text.bytes, text.length) >>> 0;
  },
};

function write(book: BookReader, side: Side, zeros: number): void {
  const count = book.top(side, prices, sizes);
  for (let i = 0; i < count; i++) {
    text.digits(prices[i]);
    for (let more = 0; more < zeros; more++) text.byte(ZERO);
    text.digits(sizes[i]);
  }
}

/** The deepest book that v2 offers, and the depth that every subscription asks for. */
export const DEPTH = 1000;

/**
 * A snapshot, then updates; no ids: the checksum alone proves them. After each message a side is cut to the subscribed
 * depth, because levels that better ones push out are not removed by the venue.
 */
export const JOIN: InBand = {
  kind: 'in-band',
  link: 'none',
  checksum: CHECKSUM,
  depthLimit: DEPTH,
  crossed: 'resync',
  resync: 'resubscribe',
};
