import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '@parallax/types';
import { Collection } from './collection.js';
import { alertStands } from './stands.js';
import type { AlertView } from './views.js';

/** Monitoring tells what stands every five seconds. What it leaves out for so long, while it does its work, stands no more for all it knows. */
export const LAPSES_US = 15_000_000;
/** So many are kept, those that stand before those that are over. */
export const ALERTS_KEPT = 10_000;

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
  private readonly slots = new Collection<Slot>('newest', ALERTS_KEPT, ({ view }) => alertStands(view));
  /** Since when monitoring has done its work without a break. */
  private actsSinceUs: number | null = null;

  /** Told again as long as it stands. Null where nothing changed. */
  onAlert(alert: Alert, nowUs: number): AlertView | null {
    const slot = this.slots.get(alert.id);
    if (slot && slot.view.lapsedAtUs === null && isDeepStrictEqual(slot.alert, alert)) {
      slot.toldAtUs = nowUs;
      return null;
    }
    const view: AlertView = { ...alert, lapsedAtUs: null };
    this.slots.put(alert.id, { alert, view, toldAtUs: nowUs });
    return view;
  }

  /** Those that lapsed: monitoring does its work (is heard, ready and no stand-by), and does not tell them. */
  onWake(isMonitoringActing: boolean, nowUs: number): AlertView[] {
    this.actsSinceUs = isMonitoringActing ? (this.actsSinceUs ?? nowUs) : null;
    const { actsSinceUs } = this;
    if (actsSinceUs === null || nowUs - actsSinceUs < LAPSES_US) return [];
    const lapsed: AlertView[] = [];
    for (const { alert, view, toldAtUs } of this.slots.values(0)) {
      if (nowUs - toldAtUs < LAPSES_US) continue;
      const ended: AlertView = { ...view, lapsedAtUs: toldAtUs };
      this.slots.put(alert.id, { alert, view: ended, toldAtUs });
      lapsed.push(ended);
    }
    return lapsed;
  }
}
