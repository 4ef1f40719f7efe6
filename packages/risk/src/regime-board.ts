import { exceeds, type Money, ONE } from '@parallax/money';
import { ageUs, instrumentKey, isFresh, type RegimeEvent, type RegimeHorizon } from '@parallax/types';
import type { ExactLimits } from './exact-limits.js';

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

interface SymbolRegimes {
  readonly horizons: Map<string, Entry>;
  /** When a state, of any horizon, was last known to stand; 0: none was heard. */
  stoodAtUs: number;
}

/** What share of a plan's size a regime allows, 0 to 1. */
interface RegimeFactor {
  readonly factor: Money;
  readonly regime: string;
}

const UNTOUCHED: RegimeFactor = { factor: ONE, regime: 'NORMAL' };

/**
 * The newest regime of every symbol and horizon, and since when nothing says that one stands. Every state that was heard shrinks plans
 * until another of its horizon is heard, however old it is; only one that was told to stand lately makes a symbol's regime known.
 */
export class RegimeBoard {
  private readonly bySymbol = new Map<string, SymbolRegimes>();

  take(event: RegimeEvent, nowUs: number): void {
    const { horizons } = this.of(event);
    const known = horizons.get(event.horizon);
    // One from the future gives way: it would stand until its time comes.
    if (known?.untilUs === Infinity && known.event.atUs > event.atUs && ageUs(known.event.atUs, nowUs) !== null) return;
    horizons.set(event.horizon, { event, untilUs: Infinity });
  }

  takeStanding(event: RegimeEvent, nowUs: number): void {
    this.take(event, nowUs);
    this.of(event).stoodAtUs = event.atUs;
  }

  /** Takes a state from before the start where none was heard. It can only shrink plans, and gives way to the first live one. */
  remember(event: RegimeEvent): void {
    const { horizons } = this.of(event);
    if (horizons.has(event.horizon)) return;
    horizons.set(event.horizon, { event, untilUs: event.atUs + WINDOWS_REMEMBERED * WINDOW_US[event.horizon] });
  }

  /** The smallest factor over the symbol's horizons with the regime that gave it, where that is below `known`; else `known`. */
  smaller(known: RegimeFactor, key: string, limits: ExactLimits, nowUs: number): RegimeFactor {
    const horizons = this.bySymbol.get(key)?.horizons;
    if (!horizons) return known;
    let smallest = known;
    for (const { event, untilUs } of horizons.values()) {
      const factor = limits.regimeFactors[event.regime];
      if (nowUs < untilUs && exceeds(smallest.factor, factor)) smallest = { factor, regime: event.regime };
    }
    return smallest;
  }

  /** When some state of the symbol was last known to stand, by the clock of who told it; 0 where none was heard. */
  stoodAtUs(key: string): number {
    return this.bySymbol.get(key)?.stoodAtUs ?? 0;
  }

  /** Of how many symbols a state was told to stand within so long. */
  knownWithin(maximumUs: number, nowUs: number): number {
    return [...this.bySymbol.values()].filter(({ stoodAtUs }) => stoodAtUs > 0 && isFresh(stoodAtUs, maximumUs, nowUs)).length;
  }

  private of({ venue, symbol }: RegimeEvent): SymbolRegimes {
    const key = instrumentKey(venue, symbol);
    let regimes = this.bySymbol.get(key);
    if (!regimes) this.bySymbol.set(key, (regimes = { horizons: new Map(), stoodAtUs: 0 }));
    return regimes;
  }
}

/** The smallest factor that the regimes of a plan's legs allow. */
export function regimeOfPlan(board: RegimeBoard, legs: readonly { readonly key: string }[], limits: ExactLimits, nowUs: number): RegimeFactor {
  let smallest = UNTOUCHED;
  for (const leg of legs) smallest = board.smaller(smallest, leg.key, limits, nowUs);
  return smallest;
}
