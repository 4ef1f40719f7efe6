import { SERVICE_SILENT_US, STOOD_STILL_TOLD_US } from '@parallax/types';
import type { AlertBoard } from './alert-board.js';

/** A word of ours that the bus has not brought back after so long: it carries nothing. */
const UNANSWERED_US = 2_000_000;
/** Who comes so much too late stood still meanwhile, and has not taken yet what came. */
const PAUSED_US = 2_000_000;
/** So long others may take until they have joined a bus again that was away. */
const REJOINING_US = 5_000_000;
const BUS = 'bus';

interface Gap {
  readonly sinceUs: number;
  readonly how: 'was away' | 'did not answer';
}

/**
 * Whether monitoring itself hears: silence says something of others only while it does. Cut off from the bus, or stopped, it judges
 * nobody until all have had the time to speak again; the bus's absence is an alert of its own. It hears as long as the bus brings
 * back its own words. Pure.
 */
export class Hearing {
  private address = '';
  private gap: Gap | null = null;
  /** The first word of ours that was not brought back. */
  private saidAtUs: number | null = null;
  private echoAtUs: number | null = null;
  private endedAtUs = Number.NEGATIVE_INFINITY;
  private judgesFromUs = Number.NEGATIVE_INFINITY;
  private unmixedFromUs = Number.NEGATIVE_INFINITY;
  private lasted = '';

  constructor(private readonly alerts: AlertBoard) {}

  /** Where the bus is, as it is told in alerts. */
  at(address: string | undefined): void {
    if (address !== undefined) this.address = address;
  }

  onAway(nowUs: number): void {
    if (this.gap === null) this.begin({ sinceUs: nowUs, how: 'was away' }, nowUs);
    else this.begin({ ...this.gap, how: 'was away' }, nowUs);
  }

  onBack(nowUs: number): void {
    this.saidAtUs = null;
    if (this.gap !== null) this.end(this.gap, nowUs);
  }

  onSaid(nowUs: number): void {
    this.saidAtUs ??= nowUs;
  }

  /** What we said came back over the bus. */
  onEcho(nowUs: number): void {
    this.echoAtUs = nowUs;
    this.saidAtUs = null;
    if (this.gap?.how === 'did not answer') this.end(this.gap, nowUs);
  }

  /** `dueAtUs`: when this was to be called. */
  onWake(nowUs: number, dueAtUs: number): void {
    if (nowUs - dueAtUs > PAUSED_US) this.onPaused(nowUs);
    const { gap, saidAtUs } = this;
    if (gap === null && saidAtUs !== null && this.echoAtUs !== null && nowUs - saidAtUs > UNANSWERED_US) this.begin({ sinceUs: this.echoAtUs, how: 'did not answer' }, nowUs);
    else if (gap === null && nowUs > this.unmixedFromUs && this.lasted !== '') {
      this.alerts.set(BUS, 'away', null, `${this.name} is there again; it ${this.lasted}`, nowUs);
      this.lasted = '';
    }
  }

  /** Nobody is heard now. */
  get isDeaf(): boolean {
    return this.gap !== null;
  }

  /** Until when it is certain that who spoke was heard. */
  heardUntilUs(nowUs: number): number {
    return this.saidAtUs === null ? nowUs : Math.min(nowUs, this.echoAtUs ?? nowUs);
  }

  /** Whether one who was heard last at `heardAtUs` may have spoken since, and just was not heard. */
  mayHaveSpoken(heardAtUs: number, nowUs: number): boolean {
    return this.isDeaf || (heardAtUs < this.endedAtUs && nowUs <= this.judgesFromUs);
  }

  /** Whether a fault that is seen now is one, and not a trace of the time without a bus. What is over may be told at any time. */
  mayBegin(nowUs: number): boolean {
    return nowUs > this.judgesFromUs;
  }

  /** Whether latencies of the last minute hold nothing of the time without a bus. */
  mayJudgeLatency(nowUs: number): boolean {
    return nowUs > this.unmixedFromUs;
  }

  private onPaused(nowUs: number): void {
    if (this.saidAtUs !== null) this.saidAtUs = nowUs;
    this.endedAtUs = nowUs;
    this.judgesFromUs = Math.max(this.judgesFromUs, nowUs + SERVICE_SILENT_US);
  }

  private begin(gap: Gap, nowUs: number): void {
    this.gap = gap;
    this.tellGap(gap, nowUs);
  }

  private end(gap: Gap, nowUs: number): void {
    this.gap = null;
    this.endedAtUs = nowUs;
    this.judgesFromUs = nowUs + REJOINING_US + SERVICE_SILENT_US;
    this.unmixedFromUs = nowUs + STOOD_STILL_TOLD_US;
    this.lasted = `${gap.how} for ${secondsOf(nowUs - gap.sinceUs)}`;
    const again = `Silence and readiness are judged again after ${secondsOf(REJOINING_US + SERVICE_SILENT_US)}, latencies after ${secondsOf(STOOD_STILL_TOLD_US)}`;
    this.alerts.set(BUS, 'away', { severity: 'warning', summary: `${this.name} ${this.lasted}, so that nobody was heard. ${again}` }, '', nowUs);
  }

  private tellGap({ how }: Gap, nowUs: number): void {
    const summary = `${this.name} ${how === 'was away' ? 'is away' : 'does not answer'}: monitoring hears nobody, and judges nobody until it is back`;
    this.alerts.set(BUS, 'away', { severity: 'critical', summary }, '', nowUs);
  }

  private get name(): string {
    return this.address === '' ? 'the bus' : `the bus at ${this.address}`;
  }
}

const secondsOf = (us: number): string => `${(us / 1e6).toFixed(1)} s`;
