import { Side, type ChecksumRule, type InBand } from '@parallax/book';
import { LevelChecksum } from '../shared/level-checksum.js';

const LEVELS = 10;
const ZERO = 0x30;
const prices = new Float64Array(LEVELS);
const sizes = new Float64Array(LEVELS);

const sum = new LevelChecksum({
  capacity: LEVELS * 2,
  order(book, levels) {
    let at = 0;
    for (const side of [Side.ask, Side.bid]) {
      const count = book.top(side, prices, sizes);
      for (let i = 0; i < count; i++) {
        levels[at++] = prices[i];
        levels[at++] = sizes[i];
      }
    }
    return at / 2;
  },
  write(text, price, size, { priceScale, priceTextDecimals = priceScale }) {
    text.digits(price);
    for (let more = priceScale; more < priceTextDecimals; more++) text.byte(ZERO);
    text.digits(size);
  },
});

/**
 * Kraken's checksum: the best 10 asks, then the best 10 bids, of each level the price and the quantity at the pair's
 * full precision without point and leading zeros, all in one text; CRC-32, unsigned. An integer at the instrument's
 * scale is exactly that text, so the scales of a specification must be the venue's precisions. Prices that the venue
 * writes with further zeros (WebSocket v1) get them from `priceTextDecimals`.
 */
export const CHECKSUM: ChecksumRule = {
  name: 'crc32 of the best 10',
  levels: LEVELS,
  compute: (book, instrument) => sum.compute(book, instrument) >>> 0,
};

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
};
