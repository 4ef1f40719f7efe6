import { instrumentKey, type Plan, type RegimeEvent } from '@parallax/types';
import type { ExactLimits } from './exact-limits.js';
import { exceeds, type Money, ONE } from './money.js';

/** The newest regime of every symbol and horizon. A symbol without one counts as NORMAL. */
export class RegimeBoard {
  private readonly bySymbol = new Map<string, Map<string, RegimeEvent>>();

  take(event: RegimeEvent): void {
    const key = instrumentKey(event.venue, event.symbol);
    let horizons = this.bySymbol.get(key);
    if (!horizons) this.bySymbol.set(key, (horizons = new Map()));
    const known = horizons.get(event.horizon);
    if (!known || known.atUs <= event.atUs) horizons.set(event.horizon, event);
  }

  /** The smallest factor over the symbol's horizons, and the regime that gave it. */
  factor(key: string, limits: ExactLimits): { factor: Money; regime: string } {
    let factor = ONE;
    let regime = 'NORMAL';
    for (const event of this.bySymbol.get(key)?.values() ?? []) {
      const allowed = limits.regimeFactors[event.regime];
      if (allowed.lessThan(factor)) {
        factor = allowed;
        regime = event.regime;
      }
    }
    return { factor, regime };
  }
}

/** The smallest factor that the regimes of a plan's legs allow. */
export function regimeOfPlan(board: RegimeBoard, plan: Plan, limits: ExactLimits): { factor: Money; regime: string } {
  let smallest = { factor: ONE, regime: 'NORMAL' };
  for (const leg of plan.legs) {
    const one = board.factor(instrumentKey(leg.venue, leg.symbol), limits);
    if (exceeds(smallest.factor, one.factor)) smallest = one;
  }
  return smallest;
}
