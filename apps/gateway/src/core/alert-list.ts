import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '@parallax/types';
import type { AlertView } from './views.js';

/** Monitoring tells what stands every five seconds. What it leaves out for so long, while it is heard, stands no more for all it knows. */
export const LAPSES_US = 15_000_000;
const KEPT = 1_000;

interface Slot {
  readonly alert: Alert;
  readonly view: AlertView;
  toldAtUs: number;
}

/**
 * Alerts as monitoring tells them. Whoever ends one is the instance that raised it: where that is gone nobody does, and it
 * would stand for ever.
 */
export class AlertList {
  private readonly slots = new Map<string, Slot>();
  /** Since when monitoring has been heard without a break. */
  private heardSinceUs: number | null = null;

  /** Told again as long as it stands. Null where nothing changed. */
  onAlert(alert: Alert, nowUs: number): AlertView | null {
    const slot = this.slots.get(alert.id);
    if (slot && slot.view.lapsedAtUs === null && isDeepStrictEqual(slot.alert, alert)) {
      slot.toldAtUs = nowUs;
      return null;
    }
    const view: AlertView = { ...alert, lapsedAtUs: null };
    this.slots.set(alert.id, { alert, view, toldAtUs: nowUs });
    if (this.slots.size > KEPT) this.slots.delete(this.slots.keys().next().value!);
    return view;
  }

  /** Those that lapsed. */
  onWake(isMonitoringHeard: boolean, nowUs: number): AlertView[] {
    this.heardSinceUs = isMonitoringHeard ? (this.heardSinceUs ?? nowUs) : null;
    const { heardSinceUs } = this;
    if (heardSinceUs === null || nowUs - heardSinceUs < LAPSES_US) return [];
    const lapsed: AlertView[] = [];
    for (const [id, { alert, view, toldAtUs }] of this.slots) {
      if (alert.resolved || view.lapsedAtUs !== null || nowUs - toldAtUs < LAPSES_US) continue;
      const ended: AlertView = { ...alert, lapsedAtUs: toldAtUs };
      this.slots.set(id, { alert, view: ended, toldAtUs });
      lapsed.push(ended);
    }
    return lapsed;
  }
}
