import { instrumentKey, type Plan, type RegimeEvent, type RegimeHorizon } from '@parallax/types';
import type { ExactLimits } from './exact-limits.js';
import { exceeds, type Money, ONE } from './money.js';

/** The window that a horizon's states are judged by; an ensemble's is that of its fastest member. */
const WINDOW_US: Readonly<Record<RegimeHorizon, number>> = {
  '1m': 60_000_000, '1h': 3_600_000_000, '24h': 86_400_000_000, ensemble: 60_000_000,
};
/** A state from before the start counts for so many windows after it was known to hold. */
const WINDOWS_REMEMBERED = 10;

interface Entry {
  readonly event: RegimeEvent;
  /** Infinity: it was heard, and stands until another is. */
  readonly untilUs: number;
}

/** The newest regime of every symbol and horizon. A symbol without one counts as NORMAL. */
export class RegimeBoard {
  private readonly bySymbol = new Map<string, Map<string, Entry>>();

  take(event: RegimeEvent): void {
    const horizons = this.horizonsOf(event);
    const known = horizons.get(event.horizon);
    if (known?.untilUs === Infinity && known.event.atUs > event.atUs) return;
    horizons.set(event.horizon, { event, untilUs: Infinity });
  }

  /** Takes a state from before the start where none was heard. It can only shrink plans, and gives way to the first live one. */
  remember(event: RegimeEvent): void {
    const horizons = this.horizonsOf(event);
    if (horizons.has(event.horizon)) return;
    horizons.set(event.horizon, { event, untilUs: event.atUs + WINDOWS_REMEMBERED * WINDOW_US[event.horizon] });
  }

  /** The smallest factor over the symbol's horizons, and the regime that gave it. */
  factor(key: string, limits: ExactLimits, nowUs: number): { factor: Money; regime: string } {
    let factor = ONE;
    let regime = 'NORMAL';
    for (const { event, untilUs } of this.bySymbol.get(key)?.values() ?? []) {
      const allowed = limits.regimeFactors[event.regime];
      if (nowUs < untilUs && allowed.lessThan(factor)) {
        factor = allowed;
        regime = event.regime;
      }
    }
    return { factor, regime };
  }

  private horizonsOf({ venue, symbol }: RegimeEvent): Map<string, Entry> {
    const key = instrumentKey(venue, symbol);
    let horizons = this.bySymbol.get(key);
    if (!horizons) this.bySymbol.set(key, (horizons = new Map()));
    return horizons;
  }
}

/** The smallest factor that the regimes of a plan's legs allow. */
export function regimeOfPlan(board: RegimeBoard, plan: Plan, limits: ExactLimits, nowUs: number): { factor: Money; regime: string } {
  let smallest = { factor: ONE, regime: 'NORMAL' };
  for (const leg of plan.legs) {
    const one = board.factor(instrumentKey(leg.venue, leg.symbol), limits, nowUs);
    if (exceeds(smallest.factor, one.factor)) smallest = one;
  }
  return smallest;
}
