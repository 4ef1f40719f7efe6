import type { InstrumentSpecification } from '@parallax/types';
import { DECIMALS, whole, type PlainLevel, type PlainSides } from './plain-market.js';

/** Decimals of rates, and of money that a rate was applied to. */
const RATE_DECIMALS = 12;
const MONEY_DECIMALS = 18;
const RATE = 10n ** BigInt(RATE_DECIMALS);
const MONEY = 10n ** BigInt(MONEY_DECIMALS);
const VALUE_TO_MONEY = 10n ** BigInt(MONEY_DECIMALS - 2 * DECIMALS);

export interface ScanLeg {
  readonly sides: PlainSides;
  readonly specification: InstrumentSpecification;
}
/** Shares of the bought value at {@link RATE_DECIMALS}; the largest bought value in units of quote currency. */
export interface ScanCosts {
  readonly funding: bigint;
  readonly inventory: bigint;
  readonly maximumNotional: bigint;
}
/** What must be open, in the words of an opportunity; decimal text. */
export type ScanEdge = Readonly<Record<
  | 'buySize' | 'sellSize' | 'buyLimit' | 'sellLimit' | 'buyAverage' | 'sellAverage'
  | 'notional' | 'grossEdge' | 'fees' | 'slippage' | 'wayOut' | 'funding' | 'inventory' | 'netEdge' | 'netEdgeBps', string
>>;
/** Why nothing may be open. */
export type ScanNothing = 'prices' | 'way-out' | 'funding' | 'below-minimum-size' | 'no-depth';

/**
 * Scans two books at one instant for a basis without fees: buy from the asks of one, sell into the bids of the other,
 * and close both again through the other sides, whose distance from the middles is a cost. Whole numbers alone.
 *
 * Every unit costs the same as its neighbours up to the next end of a level on one of the four sides, so the walk goes
 * from end to end while a unit pays: bid − ask·(1 + carry) − (middle − exit bid) − (exit ask − middle) > 0.
 */
export function scanBasis(buy: ScanLeg, sell: ScanLeg, costs: ScanCosts): ScanEdge | ScanNothing {
  const ladders = [buy.sides.asks, sell.sides.bids, buy.sides.bids, sell.sides.asks];
  if (ladders.some((levels) => levels.length === 0)) return 'no-depth';
  const [ask, bid, exitBid, exitAsk] = ladders.map(([{ price }]) => price);
  if (bid <= ask) return 'prices';
  // Both middles together, doubled so that a half of a price step stays whole.
  const middles = bid + exitAsk - (ask + exitBid);
  const pays = (a: bigint, b: bigint, outBid: bigint, outAsk: bigint, carry: bigint): boolean =>
    (2n * (b - a) - 2n * (outAsk - outBid) + middles) * RATE - 2n * a * carry > 0n;
  const carry = costs.funding + costs.inventory;
  if (!pays(ask, bid, exitBid, exitAsk, 0n)) return 'way-out';
  if (!pays(ask, bid, exitBid, exitAsk, carry)) return 'funding';

  const step = commonStep(buy.specification, sell.specification);
  const base = sizeThatPays(ladders, (a, b, outBid, outAsk) => pays(a, b, outBid, outAsk, carry), costs.maximumNotional, step);
  const [paid, got, regained, repaid] = ladders.map((levels) => valueOf(levels, base));
  const tooSmall = (value: bigint, { minimumSize, sizeScale, minimumNotional }: InstrumentSpecification): boolean =>
    base < unit(minimumSize, sizeScale) || value < whole(minimumNotional, 2 * DECIMALS);
  if (base === 0n || tooSmall(paid, buy.specification) || tooSmall(got, sell.specification)) return 'below-minimum-size';

  const gross = (bid - ask) * base;
  const slippage = gross - (got - paid);
  // (sum of both middles' distances) = base·middle(bought) − regained + repaid − base·middle(sold), at half units.
  const wayOut = ((ask + exitBid - (bid + exitAsk)) * base + 2n * (repaid - regained)) * (VALUE_TO_MONEY / 2n);
  const share = (rate: bigint): bigint => roundedHalfEven(paid * rate * VALUE_TO_MONEY, RATE);
  const [funding, inventory] = [share(costs.funding), share(costs.inventory)];
  const net = (got - paid) * VALUE_TO_MONEY - wayOut - funding - inventory;
  const average = (value: bigint): string => text(roundedHalfEven(value * 10n ** BigInt(MONEY_DECIMALS - DECIMALS), base), MONEY_DECIMALS);
  const money = (value: bigint): string => text(value, MONEY_DECIMALS);
  return {
    buySize: text(base, DECIMALS), sellSize: text(base, DECIMALS),
    buyLimit: text(lastTouched(buy.sides.asks, base), DECIMALS), sellLimit: text(lastTouched(sell.sides.bids, base), DECIMALS),
    buyAverage: average(paid), sellAverage: average(got),
    notional: money(paid * VALUE_TO_MONEY), grossEdge: money(gross * VALUE_TO_MONEY), fees: '0', slippage: money(slippage * VALUE_TO_MONEY),
    wayOut: money(wayOut), funding: money(funding), inventory: money(inventory), netEdge: money(net),
    netEdgeBps: text((net * 10_000n * 10_000n) / (paid * VALUE_TO_MONEY), 4),
  };
}

/** `rates` as text over days, e.g. a yearly rate for one day: rate × part ÷ whole at {@link RATE_DECIMALS}, half to even. */
export function shareOf(rate: string, part: number, total: number): bigint {
  return roundedHalfEven(whole(rate, RATE_DECIMALS) * BigInt(part), BigInt(total));
}

function sizeThatPays(
  ladders: readonly (readonly PlainLevel[])[],
  pays: (ask: bigint, bid: bigint, exitBid: bigint, exitAsk: bigint) => boolean,
  maximumNotional: bigint,
  step: bigint,
): bigint {
  const at = [0, 0, 0, 0];
  const ends = ladders.map(([{ size }]) => size);
  const bound = maximumNotional * MONEY / VALUE_TO_MONEY;
  let [reached, paid] = [0n, 0n];
  for (;;) {
    const [ask, bid, exitBid, exitAsk] = at.map((level, side) => ladders[side][level].price);
    if (!pays(ask, bid, exitBid, exitAsk)) break;
    const next = ends.reduce((low, end) => (end < low ? end : low));
    const value = paid + (next - reached) * ask;
    if (value > bound) return ((reached * ask + bound - paid) / (ask * step)) * step;
    [reached, paid] = [next, value];
    for (let side = 0; side < 4; side++) {
      if (ends[side] === reached && ++at[side] < ladders[side].length) ends[side] += ladders[side][at[side]].size;
    }
    if (at.some((level, side) => level === ladders[side].length)) break;
  }
  return reached - (reached % step);
}

function valueOf(levels: readonly PlainLevel[], base: bigint): bigint {
  let [left, value] = [base, 0n];
  for (const { price, size } of levels) {
    const taken = left < size ? left : size;
    value += taken * price;
    left -= taken;
  }
  return value;
}

function lastTouched(levels: readonly PlainLevel[], base: bigint): bigint {
  let left = base;
  return levels.find(({ size }) => (left -= size) <= 0n)!.price;
}

const unit = (value: number, scale: number): bigint => BigInt(value) * 10n ** BigInt(DECIMALS - scale);

/** The coarser order step, which the finer must divide. */
function commonStep(...specifications: readonly InstrumentSpecification[]): bigint {
  const [a, b] = specifications.map(({ sizeStep, sizeScale }) => unit(sizeStep, sizeScale));
  const [fine, coarse] = a < b ? [a, b] : [b, a];
  if (coarse % fine !== 0n) throw new Error('the scan knows steps of which one divides the other');
  return coarse;
}

/** Whole quotient of numbers above or below 0, half to even. */
function roundedHalfEven(value: bigint, by: bigint): bigint {
  const positive = value < 0n ? -value : value;
  const [quotient, twice] = [positive / by, (positive % by) * 2n];
  const up = twice > by || (twice === by && quotient % 2n === 1n) ? 1n : 0n;
  return (value < 0n ? -1n : 1n) * (quotient + up);
}

function text(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -decimals)}${fraction && `.${fraction}`}`;
}
