import { instrumentKey, isFresh, REGIME_MAX_AGE_US, type RegimeEvent } from '@parallax/types';
import type { RegimeView } from './views.js';

/** What was heard of regimes, and which of them are known to stand: they are told each second, and silence makes them unknown. */
export class RegimeBoard {
  private readonly views = new Map<string, RegimeView>();

  /** A change. That it stands is told apart. Null where something newer is shown. */
  onChange(event: RegimeEvent, nowUs: number): RegimeView | null {
    return this.put(event, this.views.get(regimeKey(event))?.stoodAtUs ?? null, nowUs);
  }

  onStanding(event: RegimeEvent, nowUs: number): RegimeView | null {
    return this.put(event, event.atUs, nowUs);
  }

  /** A regime from before the start: it is shown until one is heard, which it never replaces. */
  onRemembered(event: RegimeEvent): RegimeView | null {
    const shown = this.views.get(regimeKey(event));
    if (shown && (!shown.remembered || shown.atUs >= event.atUs)) return null;
    return this.keep({ ...event, remembered: true, known: false, stoodAtUs: null });
  }

  /** Those that became unknown by now, as they are to be shown. */
  onWake(nowUs: number): RegimeView[] {
    const fallenSilent = [...this.views.values()].filter(({ known, stoodAtUs }) => known && !stands(stoodAtUs, nowUs));
    return fallenSilent.map((view) => this.keep({ ...view, known: false }));
  }

  private put(event: RegimeEvent, stoodAtUs: number | null, nowUs: number): RegimeView | null {
    const shown = this.views.get(regimeKey(event));
    // One from the future gives way: it would be shown until its time comes.
    if (shown && !shown.remembered && shown.atUs > event.atUs && isFresh(shown.atUs, Infinity, nowUs)) return null;
    return this.keep({ ...event, remembered: false, known: stands(stoodAtUs, nowUs), stoodAtUs });
  }

  private keep(view: RegimeView): RegimeView {
    this.views.set(regimeKey(view), view);
    return view;
  }
}

const stands = (stoodAtUs: number | null, nowUs: number): boolean => stoodAtUs !== null && isFresh(stoodAtUs, REGIME_MAX_AGE_US, nowUs);

export const regimeKey = ({ venue, symbol, horizon }: RegimeEvent): string => `${instrumentKey(venue, symbol)}:${horizon}`;
