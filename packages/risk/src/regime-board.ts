import { instrumentKey, type RegimeEvent, type RegimeHorizon } from '@parallax/types';
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

/** What share of a plan's size a regime allows, 0 to 1. */
interface RegimeFactor {
  readonly factor: Money;
  readonly regime: string;
}

const UNTOUCHED: RegimeFactor = { factor: ONE, regime: 'NORMAL' };

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

  /** The smallest factor over the symbol's horizons with the regime that gave it, where that is below `known`; else `known`. */
  smaller(known: RegimeFactor, key: string, limits: ExactLimits, nowUs: number): RegimeFactor {
    const horizons = this.bySymbol.get(key);
    if (!horizons) return known;
    let smallest = known;
    for (const { event, untilUs } of horizons.values()) {
      const factor = limits.regimeFactors[event.regime];
      if (nowUs < untilUs && exceeds(smallest.factor, factor)) smallest = { factor, regime: event.regime };
    }
    return smallest;
  }

  private horizonsOf({ venue, symbol }: RegimeEvent): Map<string, Entry> {
    const key = instrumentKey(venue, symbol);
    let horizons = this.bySymbol.get(key);
    if (!horizons) this.bySymbol.set(key, (horizons = new Map()));
    return horizons;
  }
}

/** The smallest factor that the regimes of a plan's legs allow. */
export function regimeOfPlan(board: RegimeBoard, legs: readonly { readonly key: string }[], limits: ExactLimits, nowUs: number): RegimeFactor {
  let smallest = UNTOUCHED;
  for (const leg of legs) smallest = board.smaller(smallest, leg.key, limits, nowUs);
  return smallest;
}
