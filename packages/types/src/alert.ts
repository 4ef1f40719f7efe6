export type AlertSeverity = 'info' | 'warning' | 'critical';
/** Something changed that people should know; `resolved` when it is over. */
export interface Alert {
  /** The same for the whole life of one trouble. */
  readonly id: string;
  readonly severity: AlertSeverity;
  readonly subject: string;
  readonly summary: string;
  readonly resolved: boolean;
  readonly sinceUs: number;
  readonly atUs: number;
}
