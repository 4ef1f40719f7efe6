import type { Alert, AlertSeverity } from '@parallax/types';

/** Turns "is it so just now?" into alerts at the moments when the answer changes. */
export class AlertBoard {
  private readonly standing = new Map<string, Alert>();

  constructor(private readonly emit: (alert: Alert) => void) {}

  /** `summary` is said when trouble begins or grows more severe, `over` when it ends; what stands is kept in its newest words. */
  set(subject: string, what: string, trouble: { severity: AlertSeverity; summary: string } | null, over: string, atUs: number): void {
    const key = `${subject} ${what}`;
    const known = this.standing.get(key);
    if (trouble === null) {
      if (!known) return;
      this.standing.delete(key);
      this.emit({ ...known, summary: over, resolved: true, atUs });
      return;
    }
    if (known?.severity === trouble.severity) {
      // Told with the next round of what stands: ages and counts grow, and are no news of their own.
      if (known.summary !== trouble.summary) this.standing.set(key, { ...known, summary: trouble.summary, atUs });
      return;
    }
    const sinceUs = known?.sinceUs ?? atUs;
    const alert: Alert = { id: known?.id ?? `${subject}.${what}.${sinceUs}`, subject, ...trouble, resolved: false, sinceUs, atUs };
    this.standing.set(key, alert);
    this.emit(alert);
  }

  /** All troubles of the subject are over. */
  end(subject: string, over: string, atUs: number): void {
    for (const [key, alert] of this.standing) if (alert.subject === subject) this.set(subject, key.slice(subject.length + 1), null, over, atUs);
  }

  /** What stands of one subject. */
  of(subject: string): { readonly what: string; readonly alert: Alert }[] {
    const found: { what: string; alert: Alert }[] = [];
    for (const [key, alert] of this.standing) if (alert.subject === subject) found.push({ what: key.slice(subject.length + 1), alert });
    return found;
  }

  get open(): readonly Alert[] {
    return [...this.standing.values()];
  }
}
