import type { OpportunityReceipt } from '@parallax/types';
import { valueOfBase, type Walk } from './fill-walk.js';
import { MONEY_DECIMALS, MONEY_UNIT, ONE, rounded, textFromFixed } from './fixed.js';
import type { WayOut } from './sizing.js';

/** What a pair costs besides its prices, as shares of the value: fees, funding and what the inventory costs. */
export interface CostRates {
  readonly buyFee: bigint;
  readonly sellFee: bigint;
  readonly funding: bigint;
  readonly inventory: bigint;
}

export interface PriceInput {
  readonly bought: Walk;
  readonly sold: Walk;
  /** Base units in which both legs offset each other; the edge counts these alone. */
  readonly base: bigint;
  readonly bestAsk: bigint;
  readonly bestBid: bigint;
  readonly rates: CostRates;
  readonly wayOut: WayOut | null;
  readonly currency: string;
}

/** Sums at 18 decimals. */
export interface Priced {
  readonly receipt: OpportunityReceipt;
  readonly notional: bigint;
  readonly gross: bigint;
  readonly slippage: bigint;
  readonly net: bigint;
}

const BPS = 10_000n;
const BPS_DECIMALS = 4;

/** A sum of money from a product, by how much 1 is in it. */
const money = (value: bigint, one: bigint): bigint => rounded(value * MONEY_UNIT, one);
const text = (sum: bigint): string => textFromFixed(sum, MONEY_DECIMALS);
const PRODUCT = ONE * ONE;

/** The value of `base` units of a walk, at its average price. */
const shareOf = ({ value, base: walked }: Walk, base: bigint): bigint =>
  walked === base ? money(value, PRODUCT) : money(value * base, PRODUCT * walked);

/**
 * The receipt of a sized pair. gross = (best bid − best ask) × base; slippage = what the walks give away against the
 * best prices; fees of both entries; way out (basis) = what closing through today's books gives away against their
 * middles, with its fees, since the prices are expected to meet; net = gross less every cost, to the last digit. All at 18 decimals, halves to
 * even; only rates that were divided, and inverse contracts, ever need the rounding. Null
 * when the books are too thin for the way out.
 */
export function priceOf({ bought, sold, base, bestAsk, bestBid, rates, wayOut, currency }: PriceInput): Priced | null {
  const paid = shareOf(bought, base);
  const got = shareOf(sold, base);
  const gross = money((bestBid - bestAsk) * base, PRODUCT);
  const slippage = gross - (got - paid);
  const fees = rounded(paid * rates.buyFee + got * rates.sellFee, ONE);
  let out = 0n;
  if (wayOut) {
    const regained = valueOfBase(wayOut.sellInto, base);
    const repaid = valueOfBase(wayOut.buyFrom, base);
    if (regained === null || repaid === null) return null;
    const givenAway = (wayOut.boughtMiddle - wayOut.soldMiddle) * base - regained + repaid;
    out = money(givenAway * ONE + regained * rates.buyFee + repaid * rates.sellFee, PRODUCT * ONE);
  }
  const funding = rounded(paid * rates.funding, ONE);
  const inventory = rounded(paid * rates.inventory, ONE);
  const net = gross - slippage - fees - out - funding - inventory;
  const receipt: OpportunityReceipt = {
    currency,
    notional: text(paid),
    grossEdge: text(gross),
    fees: text(fees),
    slippage: text(slippage),
    wayOut: text(out),
    funding: text(funding),
    inventory: text(inventory),
    netEdge: text(net),
    // Cut off, not rounded.
    netEdgeBps: textFromFixed((net * BPS * 10n ** BigInt(BPS_DECIMALS)) / paid, BPS_DECIMALS),
  };
  return { receipt, notional: paid, gross, slippage, net };
}
