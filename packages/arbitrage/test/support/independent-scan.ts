import type { InstrumentSpecification } from '@parallax/types';
import type { PlainBook } from './scene.js';

/** What crossing two spot (or linear, contract size 1) books brings before any cost, as exact decimal text. */
export interface ScanResult {
  readonly base: string;
  readonly paid: string;
  readonly got: string;
  readonly gain: string;
}

const text = (value: bigint, scale: number): string => {
  const digits = value.toString().replace('-', '').padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
};

/**
 * Scans two books at one instant on its own terms: whole numbers, no library, nothing shared with the package. Buys
 * from the asks of one and sells into the bids of the other while the bid is above the ask, floors to the coarser of
 * the two order steps (the finer must divide it), and prices that. Null when nothing crosses or the rest is below a step.
 */
export function independentScan(
  buy: { readonly book: PlainBook; readonly specification: InstrumentSpecification },
  sell: { readonly book: PlainBook; readonly specification: InstrumentSpecification },
): ScanResult | null {
  const priceScale = Math.max(buy.specification.priceScale, sell.specification.priceScale);
  const sizeScale = Math.max(buy.specification.sizeScale, sell.specification.sizeScale);
  const scaled = (value: number, from: number, to: number): bigint => BigInt(value) * 10n ** BigInt(to - from);
  const levelsOf = (ladder: PlainBook['asks'], { priceScale: p, sizeScale: s }: InstrumentSpecification) =>
    ladder.map(([price, size]) => ({ price: scaled(price, p, priceScale), size: scaled(size, s, sizeScale) }));
  const asks = levelsOf(buy.book.asks, buy.specification);
  const bids = levelsOf(sell.book.bids, sell.specification);

  let crossed = 0n;
  for (const ask of asks) {
    // Of the bids above this ask, what the better asks have not used up yet.
    const above = bids.filter((bid) => bid.price > ask.price).reduce((sum, bid) => sum + bid.size, 0n);
    const free = above - crossed;
    if (free <= 0n) break;
    crossed += free < ask.size ? free : ask.size;
  }
  const steps = [buy, sell].map(({ specification: s }) => scaled(s.sizeStep, s.sizeScale, sizeScale));
  const step = steps[0] > steps[1] ? steps[0] : steps[1];
  const base = crossed - (crossed % step);
  if (base === 0n) return null;
  const priced = (levels: typeof asks): bigint => {
    let left = base;
    let value = 0n;
    for (const level of levels) {
      const taken = left < level.size ? left : level.size;
      value += taken * level.price;
      left -= taken;
    }
    return value;
  };
  const [paid, got] = [priced(asks), priced(bids)];
  const scale = priceScale + sizeScale;
  return { base: text(base, sizeScale), paid: text(paid, scale), got: text(got, scale), gain: text(got - paid, scale) };
}
