import { sizeOfBase, walkSize, type Walk } from './fill-walk.js';
import { commonMultiple, floorTo, lesser, type LegUnits } from './fixed.js';
import type { Levels } from './levels.js';

export interface MatchedLegs {
  readonly bought: Walk;
  readonly sold: Walk;
  /** Base units in which both legs offset each other. */
  readonly base: bigint;
}

/**
 * Both legs on their order steps with the same base size, at most `base`. Linear instruments share the common multiple
 * of their steps and match exactly. An inverse contract counts quote currency, so its base follows from the prices
 * walked: it is stepped first and the other leg to its own step below it; the rest, less than one such step, stays.
 */
export function matchLegs(base: bigint, asks: Levels, bids: Levels): MatchedLegs | null {
  const [first, second] = asks.units.inverse ? [asks, bids] : [bids, asks];
  const firstSize = first.units.inverse
    ? sizeOfBase(first, base)
    : floorTo(base, commonMultiple(baseStep(first.units), baseStep(second.units))) / first.units.contract;
  if (firstSize <= 0n) return null;
  const firstWalk = walkSize(first, firstSize);
  if (!firstWalk) return null;
  const secondSize = sizeOfBase(second, firstWalk.base);
  if (secondSize <= 0n) return null;
  const secondWalk = walkSize(second, secondSize);
  if (!secondWalk) return null;
  const [bought, sold] = first === asks ? [firstWalk, secondWalk] : [secondWalk, firstWalk];
  return { bought, sold, base: lesser(bought.base, sold.base) };
}

/** Whether an order is large enough for its venue; notional in quote currency, in base for inverse contracts. */
export function reachesMinimum(walk: Walk, units: LegUnits): boolean {
  return walk.size >= units.minimumSize && (units.inverse ? walk.base : walk.value) >= units.minimumNotional;
}

/** Base units of the order step of a linear instrument. */
const baseStep = ({ sizeStep, contract }: LegUnits): bigint => sizeStep * contract;
