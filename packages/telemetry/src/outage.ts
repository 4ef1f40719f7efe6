import type { Clock } from '@parallax/types';

/** Where an outage is told. */
export interface OutageLog {
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** Tells of something that takes what it is given, or does not: once that it fails and why, and once that it is back, with what was lost. Each time has a number, so that the log holds back neither line. */
export class Outage {
  private sinceUs: number | null = null;
  private lost = 0;
  private occurrence = 0;

  /** `what` is told with `place`, e.g. `the collector of spans` at an address. */
  constructor(
    private readonly what: string,
    private readonly place: string,
    private readonly log: OutageLog,
    private readonly clock: Clock,
  ) {}

  failed(reason: string, lost: number): void {
    this.lost += lost;
    if (this.sinceUs !== null) return;
    this.sinceUs = this.clock.nowUs();
    this.log.warn(`${this.what} takes nothing; what it should take is lost until it does`, { place: this.place, occurrence: ++this.occurrence, reason });
  }

  worked(): void {
    if (this.sinceUs === null) return;
    const lastedMs = Math.round((this.clock.nowUs() - this.sinceUs) / 1_000);
    this.log.warn(`${this.what} takes what it is given again`, { place: this.place, occurrence: this.occurrence, lastedMs, lost: this.lost });
    this.sinceUs = null;
    this.lost = 0;
  }
}
