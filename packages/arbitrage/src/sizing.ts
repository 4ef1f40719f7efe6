import type { ExactLevels } from './levels.js';
import { Exact, ZERO, least, leastQuotient } from './exact.js';

/** What one walk rests on; rates as shares, `middle` prices for the way out. */
export interface WalkInput {
  readonly asks: ExactLevels;
  readonly bids: ExactLevels;
  readonly buyFee: Exact;
  readonly sellFee: Exact;
  /** Basis only: the books through which both legs are closed again, and the middle prices now. */
  readonly wayOut: WayOut | null;
  /** Funding and inventory together, share of the bought value. */
  readonly carry: Exact;
  /** Smallest net edge as a share of the bought value. */
  readonly minimumEdge: Exact;
  readonly caps: WalkCaps;
}
export interface WayOut {
  readonly sellInto: ExactLevels;
  readonly buyFrom: ExactLevels;
  readonly boughtMiddle: Exact;
  readonly soldMiddle: Exact;
}
/** Largest bought value, sold value and base size; null = no bound. */
export interface WalkCaps {
  readonly boughtValue: Exact | null;
  readonly soldValue: Exact | null;
  readonly base: Exact | null;
}

/** Why the walk ended: a unit more does not pay, a bound is reached, or the known depth is. */
export type WalkEnd = 'edge' | 'cap' | 'depth';
export interface Walked {
  readonly base: Exact;
  readonly end: WalkEnd;
}

/**
 * Walks one side: what is left of the level it stands on, and what a unit there is worth. Every product of a level is made
 * once, when the walk comes to it.
 */
class Cursor {
  ended = false;
  left = ZERO;
  price = ZERO;
  /** What a unit here adds to the edge of a unit of the pair. */
  worth = ZERO;
  private at = -1;

  constructor(
    private readonly levels: ExactLevels,
    private readonly worthOf: (price: Exact) => Exact,
  ) {
    this.next();
  }

  take(base: Exact): void {
    if (this.left.eq(base)) this.next();
    else this.left = this.left.sub(base);
  }

  private next(): void {
    do {
      if (++this.at >= this.levels.length) {
        this.ended = true;
        return;
      }
      ({ base: this.left, price: this.price } = this.levels.at(this.at));
    } while (this.left.lte(0));
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
  let base = ZERO;
  /** By how much the net edge so far is above the minimum. */
  let surplus = ZERO;
  let boughtLeft = caps.boughtValue;
  let soldLeft = caps.soldValue;
  for (;;) {
    if (all.some(({ ended }) => ended)) return { base, end: 'depth' };
    const unit = out.reduce((sum, { worth }) => sum.add(worth), ask.worth.add(bid.worth));
    if (unit.lte(0)) return { base, end: 'edge' };
    const depth = all.reduce((low, { left }) => (left.lt(low) ? left : low), ask.left);
    let step = depth;
    if (caps.base) step = least(step, caps.base.sub(base));
    if (boughtLeft) step = leastQuotient(step, boughtLeft, ask.price);
    if (soldLeft) step = leastQuotient(step, soldLeft, bid.price);
    let end: WalkEnd | null = step.lt(depth) ? 'cap' : null;
    // Where this level's share would pull the whole below the minimum, only so much of it is taken as keeps it there.
    const shortfall = minimumEdge.mul(ask.price).sub(unit);
    if (shortfall.gt(0)) {
      const bearable = leastQuotient(step, surplus, shortfall);
      if (bearable.lt(step)) {
        step = bearable;
        end = 'edge';
      }
    }
    base = base.add(step);
    if (end) return { base, end };
    surplus = surplus.sub(shortfall.mul(step));
    boughtLeft = boughtLeft && boughtLeft.sub(ask.price.mul(step));
    soldLeft = soldLeft && soldLeft.sub(bid.price.mul(step));
    for (const cursor of all) cursor.take(step);
  }
}

/** The entries, then the way out: what the books give away against their middles, and the fees again. */
function cursorsOf({ asks, bids, wayOut, buyFee, sellFee, carry }: WalkInput): Cursor[] {
  const charged = buyFee.add(carry).add(1).neg();
  const kept = new Exact(1).sub(sellFee);
  const entries = [new Cursor(asks, (price) => price.mul(charged)), new Cursor(bids, (price) => price.mul(kept))];
  if (!wayOut) return entries;
  const regained = new Exact(1).sub(buyFee);
  const repaid = sellFee.add(1);
  return [
    ...entries,
    new Cursor(wayOut.sellInto, (price) => price.mul(regained).sub(wayOut.boughtMiddle)),
    new Cursor(wayOut.buyFrom, (price) => wayOut.soldMiddle.sub(price.mul(repaid))),
  ];
}
