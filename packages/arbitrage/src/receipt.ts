import type { OpportunityReceipt } from '@parallax/types';
import type { CarryRates } from './costs.js';
import { Exact, DIVISION_DECIMALS, ZERO } from './exact.js';
import { valueOfBase, type FillWalk } from './fill-walk.js';
import { exactFromFixed } from './fixed.js';
import type { WayOut } from './sizing.js';

export interface PriceInput {
  readonly bought: FillWalk;
  readonly sold: FillWalk;
  /** Base units in which both legs offset each other; the edge counts these alone. */
  readonly base: bigint;
  readonly bestAsk: bigint;
  readonly bestBid: bigint;
  readonly buyFee: Exact;
  readonly sellFee: Exact;
  readonly wayOut: WayOut | null;
  readonly carry: CarryRates;
  readonly currency: string;
}

export interface Priced {
  readonly receipt: OpportunityReceipt;
  readonly notional: Exact;
  readonly gross: Exact;
  readonly slippage: Exact;
  readonly net: Exact;
  readonly netEdgeBps: Exact;
}

/** Sums of money to 18 decimals; only rates that were divided, and inverse contracts, ever need the rounding. */
const money = (value: Exact): Exact => value.toDecimalPlaces(DIVISION_DECIMALS, Exact.ROUND_HALF_EVEN);

/** The value of `base` units of a walk, at its average price. */
const shareOf = (walk: FillWalk, base: Exact): Exact => (walk.base.eq(base) ? walk.value : walk.value.mul(base).div(walk.base));

/**
 * The receipt of a sized pair. gross = (best bid − best ask) × base; slippage = what the walks give away against the
 * best prices; fees of both entries; way out (basis) = what closing through today's books gives away against their
 * middles, with its fees, since the prices are expected to meet; net = gross less every cost, to the last digit. Null
 * when the books are too thin for the way out.
 */
export function priceOf(input: PriceInput): Priced | null {
  const { bought, sold, buyFee, sellFee, wayOut, carry } = input;
  const base = exactFromFixed(input.base);
  const paid = money(shareOf(bought, base));
  const got = money(shareOf(sold, base));
  const gross = money(exactFromFixed((input.bestBid - input.bestAsk) * input.base, 2));
  const slippage = gross.sub(got.sub(paid));
  const fees = money(paid.mul(buyFee).add(got.mul(sellFee)));
  let out = ZERO;
  if (wayOut) {
    const regained = valueOfBase(wayOut.sellInto, input.base);
    const repaid = valueOfBase(wayOut.buyFrom, input.base);
    if (regained === null || repaid === null) return null;
    const givenAway = (wayOut.boughtMiddle - wayOut.soldMiddle) * input.base - regained + repaid;
    const charged = exactFromFixed(regained, 2).mul(buyFee).add(exactFromFixed(repaid, 2).mul(sellFee));
    out = money(exactFromFixed(givenAway, 2).add(charged));
  }
  const funding = money(paid.mul(carry.funding));
  const inventory = money(paid.mul(carry.inventory));
  const net = gross.sub(slippage).sub(fees).sub(out).sub(funding).sub(inventory);
  const netEdgeBps = net.mul(10_000).div(paid);
  const receipt: OpportunityReceipt = {
    currency: input.currency,
    notional: paid.toFixed(),
    grossEdge: gross.toFixed(),
    fees: fees.toFixed(),
    slippage: slippage.toFixed(),
    wayOut: out.toFixed(),
    funding: funding.toFixed(),
    inventory: inventory.toFixed(),
    netEdge: net.toFixed(),
    netEdgeBps: netEdgeBps.toDecimalPlaces(4, Exact.ROUND_DOWN).toFixed(),
  };
  return { receipt, notional: paid, gross, slippage, net, netEdgeBps };
}
