import type { ExactLevel } from './levels.js';
import { Exact, ZERO, least } from './exact.js';

/** What one walk rests on; rates as shares, `middle` prices for the way out. */
export interface WalkInput {
  readonly asks: readonly ExactLevel[];
  readonly bids: readonly ExactLevel[];
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
  readonly sellInto: readonly ExactLevel[];
  readonly buyFrom: readonly ExactLevel[];
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

class Cursor {
  private at = 0;
  left: Exact;

  constructor(private readonly levels: readonly ExactLevel[]) {
    this.left = levels.length > 0 ? levels[0].base : ZERO;
    this.skipEmpty();
  }
  get ended(): boolean {
    return this.at >= this.levels.length;
  }
  get price(): Exact {
    return this.levels[this.at].price;
  }
  take(base: Exact): void {
    this.left = this.left.sub(base);
    this.skipEmpty();
  }
  private skipEmpty(): void {
    while (!this.ended && this.left.lte(0)) {
      this.at++;
      this.left = this.ended ? ZERO : this.levels[this.at].base;
    }
  }
}

/**
 * The largest base size at which the last unit still pays (marginal net edge above 0) and the whole still reaches the
 * minimum edge, within the caps. All sides are walked together; each gets worse with depth, so the marginal edge only
 * falls: got·(1 − fee) − paid·(1 + fee + carry) − (way out at this depth).
 */
export function sizeByDepth(input: WalkInput): Walked {
  const { wayOut, caps } = input;
  const ask = new Cursor(input.asks);
  const bid = new Cursor(input.bids);
  const out = wayOut ? [new Cursor(wayOut.sellInto), new Cursor(wayOut.buyFrom)] : [];
  const all = [ask, bid, ...out];
  let base = ZERO;
  let net = ZERO;
  let boughtValue = ZERO;
  let soldValue = ZERO;
  for (;;) {
    if (all.some((cursor) => cursor.ended)) return { base, end: 'depth' };
    let unit = bid.price.mul(new Exact(1).sub(input.sellFee)).sub(ask.price.mul(input.buyFee.add(input.carry).add(1)));
    if (wayOut) unit = unit.sub(wayOutOfUnit(out[0].price, out[1].price, wayOut, input));
    if (unit.lte(0)) return { base, end: 'edge' };
    const depth = least(ask.left, ...all.map((cursor) => cursor.left));
    let step = depth;
    if (caps.base) step = least(step, caps.base.sub(base));
    if (caps.boughtValue) step = least(step, caps.boughtValue.sub(boughtValue).div(ask.price));
    if (caps.soldValue) step = least(step, caps.soldValue.sub(soldValue).div(bid.price));
    let end: WalkEnd | null = step.lt(depth) ? 'cap' : null;
    // Where this level's share would pull the whole below the minimum, only so much of it is taken as keeps it there.
    const shortfall = input.minimumEdge.mul(ask.price).sub(unit);
    if (shortfall.gt(0)) {
      const bearable = net.sub(input.minimumEdge.mul(boughtValue)).div(shortfall);
      if (bearable.lt(step)) {
        step = bearable;
        end = 'edge';
      }
    }
    base = base.add(step);
    net = net.add(unit.mul(step));
    boughtValue = boughtValue.add(ask.price.mul(step));
    soldValue = soldValue.add(bid.price.mul(step));
    if (end) return { base, end };
    for (const cursor of all) cursor.take(step);
  }
}

/** Closing one unit: what the books give away against their middles, and the fees again. */
function wayOutOfUnit(sellPrice: Exact, buyPrice: Exact, wayOut: WayOut, { buyFee, sellFee }: WalkInput): Exact {
  return wayOut.boughtMiddle.sub(sellPrice).add(buyPrice.sub(wayOut.soldMiddle)).add(buyFee.mul(sellPrice)).add(sellFee.mul(buyPrice));
}
