import type { BusStatus } from '@parallax/bus';
import type { Clock, Trouble } from '@parallax/types';
import type { ServiceLog } from './service.js';

/**
 * What a service's bus says of itself: that its server is away, and that it is back, from where and after how long; what it refuses
 * and loses; that nothing durable can be kept. What lasts is one line at its begin and one at its end; each time has a number, so that
 * the log holds back neither.
 */
export class BusWatch {
  readonly counters = { busReconnects: 0 };
  private awaySinceUs: number | null = null;
  private failure: string | null = null;
  private help: string | undefined;
  private failingSinceUs = 0;
  private timesAway = 0;
  private timesFailing = 0;

  /** `tellsForAll` false: another service of this process tells of the store that they share. */
  constructor(
    private readonly clock: Clock,
    private readonly log: ServiceLog,
    private readonly tellsForAll: boolean,
  ) {}

  onStatus(status: BusStatus): void {
    const { log } = this;
    if (status.type === 'disconnected') this.onAway(status.address);
    else if (status.type === 'connected') this.onBack(status.address);
    else if (status.type === 'refused') log.warn('the bus refuses what this user may not do', { reason: status.detail });
    else if (status.type === 'slow') log.warn('what came was not handled in time and was let go', { subject: status.subject, lost: status.lost });
    else if (status.type === 'store' && this.tellsForAll) this.onStore(status.failure, status.help);
  }

  troubles(): Trouble[] {
    if (this.failure === null) return [];
    if (this.help !== undefined) return [{ key: 'store', severity: 'critical', summary: `the bus does not keep what is written: ${this.failure}. ${this.help}` }];
    const summary = `the bus can keep nothing, so that no order, fill or limit is taken: ${this.failure}. Once that is mended it goes on by itself`;
    return [{ key: 'store', severity: 'critical', summary, stopsTrading: true }];
  }

  private onAway(address: string | undefined): void {
    if (this.awaySinceUs !== null) return;
    this.awaySinceUs = this.clock.nowUs();
    this.log.warn('the bus is away; it is looked for until it is back', { address, occurrence: ++this.timesAway });
  }

  private onBack(address: string | undefined): void {
    if (this.awaySinceUs === null) return;
    this.counters.busReconnects++;
    this.log.warn('the bus is back', { address, occurrence: this.timesAway, awayMs: this.sinceMs(this.awaySinceUs) });
    this.awaySinceUs = null;
  }

  private onStore(failure: string | null, help: string | undefined): void {
    this.help = help;
    if (failure === null && this.failure !== null) {
      this.log.warn('the bus keeps what is durable again', { occurrence: this.timesFailing, failedForMs: this.sinceMs(this.failingSinceUs) });
    }
    if (failure !== null) {
      if (this.failure === null) {
        this.failingSinceUs = this.clock.nowUs();
        this.timesFailing++;
      }
      const message = help === undefined ? 'the bus can keep nothing; it is tried again until it can' : 'the bus does not keep what is written';
      this.log.error(message, { occurrence: this.timesFailing, reason: failure });
    }
    this.failure = failure;
  }

  private sinceMs(sinceUs: number): number {
    return Math.round((this.clock.nowUs() - sinceUs) / 1_000);
  }
}
