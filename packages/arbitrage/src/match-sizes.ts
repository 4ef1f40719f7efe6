import type { InstrumentSpecification } from '@parallax/types';
import { Exact, commonStep, exactFromScaled, floorTo } from './exact.js';
import { sizeOfBase, sizeStepOf, walkSize, type FillWalk } from './fill-walk.js';
import type { ExactLevels } from './levels.js';

export interface MatchedLegs {
  readonly bought: FillWalk;
  readonly sold: FillWalk;
  /** Base units in which both legs offset each other. */
  readonly base: Exact;
}

/**
 * Both legs on their order steps with the same base size, at most `base`. Linear instruments share the common multiple
 * of their steps and match exactly. An inverse contract counts quote currency, so its base follows from the prices
 * walked: it is stepped first and the other leg to its own step below it; the rest, less than one such step, stays.
 */
export function matchLegs(
  base: Exact,
  buy: { readonly levels: ExactLevels; readonly specification: InstrumentSpecification },
  sell: { readonly levels: ExactLevels; readonly specification: InstrumentSpecification },
): MatchedLegs | null {
  const [first, second] = buy.specification.inverse ? [buy, sell] : [sell, buy];
  const firstSize = first.specification.inverse
    ? sizeOfBase(first.levels, base, first.specification)
    : floorTo(base, commonStep(baseStep(first.specification), baseStep(second.specification))).div(first.specification.contractSize);
  if (firstSize.lte(0)) return null;
  const firstWalk = walkSize(first.levels, firstSize, first.specification);
  if (!firstWalk) return null;
  const secondSize = sizeOfBase(second.levels, firstWalk.base, second.specification);
  if (secondSize.lte(0)) return null;
  const secondWalk = walkSize(second.levels, secondSize, second.specification);
  if (!secondWalk) return null;
  const [bought, sold] = first === buy ? [firstWalk, secondWalk] : [secondWalk, firstWalk];
  return { bought, sold, base: bought.base.lt(sold.base) ? bought.base : sold.base };
}

/** Whether an order is large enough for its venue; notional in quote currency, in base for inverse contracts. */
export function reachesMinimum(walk: FillWalk, specification: InstrumentSpecification): boolean {
  const smallest = exactFromScaled(specification.minimumSize, specification.sizeScale);
  const notional = specification.inverse ? walk.base : walk.value;
  return walk.size.gte(smallest) && notional.gte(specification.minimumNotional);
}

const baseStep = (specification: InstrumentSpecification): Exact => sizeStepOf(specification).mul(specification.contractSize);
