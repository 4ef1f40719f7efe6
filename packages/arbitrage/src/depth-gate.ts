import type { InstrumentSpecification } from '@parallax/types';
import type { SideLevels } from './levels.js';

/** Rounding of floats must never hide what the exact walk would find. */
const SLACK = 1 + 1e-9;

/**
 * Walks asks and bids together in floats while a unit still pays and returns the base size found: an upper bound of
 * what the exact walk can find, since way out and carry are taken at the best prices. Stops at `enough`.
 */
export function walkedBase(
  asks: SideLevels,
  bids: SideLevels,
  bought: InstrumentSpecification,
  sold: InstrumentSpecification,
  costs: { readonly buyFee: number; readonly sellFee: number; readonly perUnit: number; readonly carry: number },
  enough: number,
): number {
  const askUnit = 10 ** bought.priceScale;
  const bidUnit = 10 ** sold.priceScale;
  const buyUnit = Number(bought.contractSize) / 10 ** bought.sizeScale;
  const sellUnit = Number(sold.contractSize) / 10 ** sold.sizeScale;
  let i = asks.first;
  let j = bids.first;
  let base = 0;
  let asked = 0;
  let bid = 0;
  while (base < enough) {
    if (i >= asks.count || j >= bids.count) break;
    const paid = asks.prices[i] / askUnit;
    const got = bids.prices[j] / bidUnit;
    const net = got * (1 - costs.sellFee) - paid * (1 + costs.buyFee + costs.carry) - costs.perUnit;
    if (net <= -1e-12 * paid) break;
    if (asked <= 0) asked = (asks.sizes[i] * buyUnit) / (bought.inverse ? paid : 1);
    if (bid <= 0) bid = (bids.sizes[j] * sellUnit) / (sold.inverse ? got : 1);
    const step = Math.min(asked, bid);
    base += step;
    asked -= step;
    bid -= step;
    if (asked <= 0) i++;
    if (bid <= 0) j++;
  }
  return base * SLACK;
}
