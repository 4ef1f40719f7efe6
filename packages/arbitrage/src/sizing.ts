import { lesser, lesserQuotient, ONE } from './fixed.js';
import type { Levels } from './levels.js';

/** What one walk rests on; rates as shares, `middle` prices for the way out. */
export interface WalkInput {
  readonly asks: Levels;
  readonly bids: Levels;
  readonly buyFee: bigint;
  readonly sellFee: bigint;
  /** Basis only: the books through which both legs are closed again, and the middle prices now. */
  readonly wayOut: WayOut | null;
  /** Funding and inventory together, share of the bought value. */
  readonly carry: bigint;
  /** Smallest net edge as a share of the bought value. */
  readonly minimumEdge: bigint;
  readonly caps: WalkCaps;
}
export interface WayOut {
  readonly sellInto: Levels;
  readonly buyFrom: Levels;
  readonly boughtMiddle: bigint;
  readonly soldMiddle: bigint;
}
/** Largest bought value, sold value (two factors) and base size; null = no bound. */
export interface WalkCaps {
  readonly boughtValue: bigint | null;
  readonly soldValue: bigint | null;
  readonly base: bigint | null;
}

/** Why the walk ended: a unit more does not pay, a bound is reached, or the known depth is. */
export type WalkEnd = 'edge' | 'cap' | 'depth';
export interface Walked {
  readonly base: bigint;
  readonly end: WalkEnd;
}

/**
 * Walks one side: what is left of the level it stands on, and what a unit there is worth. Every product of a level is made
 * once, when the walk comes to it.
 */
class Cursor {
  ended = false;
  left = 0n;
  price = 0n;
  /** What a unit here adds to the edge of a unit of the pair; two factors. */
  worth = 0n;
  private at = -1;

  constructor(
    private readonly levels: Levels,
    private readonly worthOf: (price: bigint) => bigint,
  ) {
    this.next();
  }

  take(base: bigint): void {
    if (this.left === base) this.next();
    else this.left -= base;
  }

  private next(): void {
    do {
      if (++this.at >= this.levels.length) {
        this.ended = true;
        return;
      }
      ({ base: this.left, price: this.price } = this.levels.at(this.at));
    } while (this.left <= 0n);
    this.worth = this.worthOf(this.price);
  }
}

/**
 * The largest base size at which the last unit still pays (marginal net edge above 0) and the whole still reaches the
 * minimum edge, within the caps. All sides are walked together; each gets worse with depth, so the marginal edge only
 * falls: got·(1 − fee) − paid·(1 + fee + carry) − (way out at this depth).
 */
export function sizeByDepth(input: WalkInput): Walked {
  const { caps, minimumEdge } = input;
  const [ask, bid, ...out] = cursorsOf(input);
  const all = [ask, bid, ...out];
  let base = 0n;
  /** By how much the net edge so far is above the minimum; three factors. */
  let surplus = 0n;
  let boughtLeft = caps.boughtValue;
  let soldLeft = caps.soldValue;
  for (;;) {
    let unit = 0n;
    let depth = ask.left;
    for (const cursor of all) {
      if (cursor.ended) return { base, end: 'depth' };
      unit += cursor.worth;
      depth = lesser(depth, cursor.left);
    }
    if (unit <= 0n) return { base, end: 'edge' };
    let step = depth;
    if (caps.base !== null) step = lesser(step, caps.base - base);
    if (boughtLeft !== null) step = lesserQuotient(step, boughtLeft, ask.price);
    if (soldLeft !== null) step = lesserQuotient(step, soldLeft, bid.price);
    let end: WalkEnd | null = step < depth ? 'cap' : null;
    // Where this level's share would pull the whole below the minimum, only so much of it is taken as keeps it there.
    const shortfall = minimumEdge * ask.price - unit;
    if (shortfall > 0n) {
      const bearable = lesserQuotient(step, surplus, shortfall);
      if (bearable < step) {
        step = bearable;
        end = 'edge';
      }
    }
    base += step;
    if (end !== null) return { base, end };
    surplus -= shortfall * step;
    if (boughtLeft !== null) boughtLeft -= ask.price * step;
    if (soldLeft !== null) soldLeft -= bid.price * step;
    for (const cursor of all) cursor.take(step);
  }
}

/** The entries, then the way out: what the books give away against their middles, and the fees again. */
function cursorsOf({ asks, bids, wayOut, buyFee, sellFee, carry }: WalkInput): Cursor[] {
  const charged = ONE + buyFee + carry;
  const kept = ONE - sellFee;
  const entries = [new Cursor(asks, (price) => -price * charged), new Cursor(bids, (price) => price * kept)];
  if (!wayOut) return entries;
  const { sellInto, buyFrom, boughtMiddle, soldMiddle } = wayOut;
  return [
    ...entries,
    new Cursor(sellInto, (price) => price * (ONE - buyFee) - boughtMiddle * ONE),
    new Cursor(buyFrom, (price) => soldMiddle * ONE - price * (ONE + sellFee)),
  ];
}
