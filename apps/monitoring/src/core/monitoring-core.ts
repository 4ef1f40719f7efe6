import {
  InstrumentTable, isCovered, Quote, succeeds, takesPlaceOf, whyNotReady, type Alert, type AuditEntry, type Fill, type PlanResult, type Row, type ServiceHealth,
  type Trouble,
  type VenueHealth, type WakingCore,
} from '@parallax/types';
import { AlertBoard } from './alert-board.js';
import { ClockWatch, type ClockDistance } from './clock-watch.js';
import { LegRisk } from './leg-risk.js';
import { CounterRate } from './rate.js';
import type { MonitoringThresholds } from './thresholds.js';

const ROUND_US = 1_000_000;
/** What an alert of a service's own word begins with, so that none of ours is ended for it. */
const TROUBLE = 'trouble.';
/** So many of what a service lacks stand in its alert. */
const MISSING_TOLD = 5;
const ERROR_COUNTER = /error|refused|lost|failed|deadletters/i;

export interface ServiceReport {
  readonly service: string;
  readonly instance: string;
  readonly ready: boolean;
  readonly silentUs: number;
  readonly errorsPerSecond: number;
  readonly worstP99Us: number;
}
export interface VenueReport {
  readonly venue: string;
  readonly connected: boolean;
  readonly silentUs: number;
  readonly framesPerSecond: number;
  readonly errorsPerSecond: number;
  /** Age of the venue's newest quote; null before the first. */
  readonly quoteAgeUs: number | null;
  /** Receive time less exchange time of the newest quote that carried both: the way here plus the clocks' distance. */
  readonly lagUs: number | null;
  readonly trustedBooks: number;
  readonly books: number;
}

type Named = Pick<ServiceReport, 'service' | 'instance'>;

interface ServiceSlot {
  health: ServiceHealth;
  readonly heard: { atUs: number };
  readonly errors: CounterRate;
}
interface VenueSlot {
  health: VenueHealth | null;
  heardAtUs: number;
  quoteAtUs: number;
  lagUs: number | null;
  readonly errors: CounterRate;
}

/** Health, freshness, latency and error rate of every venue and service, and alerts when one of them turns. Pure. */
export class MonitoringCore implements WakingCore {
  wakeAtUs: number;
  private readonly services = new Map<string, ServiceSlot>();
  private readonly venues = new Map<string, VenueSlot>();
  private readonly alerts: AlertBoard;
  private readonly legRisk: LegRisk;
  private readonly clocks: ClockWatch;

  constructor(
    private readonly thresholds: MonitoringThresholds,
    private readonly startedAtUs: number,
    emit: (alert: Alert) => void,
    instruments: InstrumentTable = new InstrumentTable(),
  ) {
    this.alerts = new AlertBoard(emit);
    this.clocks = new ClockWatch(thresholds.serviceClockUs);
    this.legRisk = new LegRisk(instruments, this.alerts);
    this.wakeAtUs = startedAtUs + ROUND_US;
  }

  onService(health: ServiceHealth, nowUs: number): void {
    if (health.ended) return this.forget(health, `this instance of ${health.service} has ended`, nowUs);
    const key = serviceKey(health);
    for (const { health: known } of this.services.values()) {
      if (!succeeds(health, known, this.thresholds.serviceSilentUs)) continue;
      this.forget(known, `another instance of ${health.service} has taken its place`, nowUs);
    }
    const slot = this.services.get(key) ?? { health, heard: { atUs: nowUs }, errors: new CounterRate() };
    slot.health = health;
    slot.heard.atUs = nowUs;
    slot.errors.add(errorsOf(health), nowUs);
    this.clocks.onWord(key, health.atUs, nowUs);
    this.services.set(key, slot);
  }

  onVenue(health: VenueHealth, nowUs: number): void {
    const slot = this.venue(health.venue);
    // Ingestion and normalisation both report: the connection is the one's to tell, the books are the other's.
    slot.health = health.symbols.length > 0 || !slot.health ? health : { ...health, symbols: slot.health.symbols };
    slot.heardAtUs = nowUs;
    slot.errors.add(health.deadLetters, nowUs);
  }

  onQuote(venue: string, quote: Row, nowUs: number): void {
    const slot = this.venue(venue);
    slot.quoteAtUs = nowUs;
    if (quote[Quote.exchangeAtUs] > 0) slot.lagUs = quote[Quote.receivedAtUs] - quote[Quote.exchangeAtUs];
  }

  onFill(fill: Fill): void {
    this.legRisk.onFill(fill);
  }

  onResult(result: PlanResult): void {
    this.legRisk.onResult(result);
  }

  onAudit(entry: AuditEntry): void {
    this.legRisk.onAudit(entry);
  }

  onWake(nowUs: number): void {
    this.wakeAtUs = nowUs + ROUND_US;
    this.judgeServices(nowUs);
    for (const report of this.venueReports(nowUs)) this.judgeVenue(report, nowUs);
    this.legRisk.judge(nowUs);
  }

  get openAlerts(): readonly Alert[] {
    return this.alerts.open;
  }

  serviceReports(nowUs: number): ServiceReport[] {
    return [...this.services.values()].map(({ health, heard, errors }) => ({
      service: health.service,
      instance: health.instance,
      ready: health.ready,
      silentUs: nowUs - heard.atUs,
      errorsPerSecond: errors.perSecond,
      worstP99Us: Math.max(0, ...Object.values(health.latencies).map(({ p99 }) => p99)),
    }));
  }

  venueReports(nowUs: number): VenueReport[] {
    return [...this.venues].map(([venue, { health, heardAtUs, quoteAtUs, lagUs, errors }]) => ({
      venue,
      connected: health?.connected ?? false,
      silentUs: nowUs - heardAtUs,
      framesPerSecond: health?.framesPerSecond ?? 0,
      errorsPerSecond: errors.perSecond,
      quoteAgeUs: quoteAtUs === 0 ? null : nowUs - quoteAtUs,
      lagUs,
      trustedBooks: health?.symbols.filter(({ trust }) => trust === 'synced').length ?? 0,
      books: health?.symbols.length ?? 0,
    }));
  }

  private judgeServices(nowUs: number): void {
    const { serviceSilentUs, errorsPerSecond, latencyP99Us, expectedServices } = this.thresholds;
    const reports = this.serviceReports(nowUs);
    for (const name of expectedServices) {
      const missing = nowUs - this.startedAtUs > serviceSilentUs && !reports.some(({ service }) => service === name);
      this.judge(`service.${name}`, 'missing', missing && 'critical', `${name} is not there: not started, or ended`, `${name} is there`, nowUs);
    }
    const apart = this.clocks.apart(nowUs);
    for (const report of reports) {
      const { service, silentUs, ready } = report;
      const subject = subjectOf(report);
      const silent = silentUs > serviceSilentUs;
      const { health } = this.services.get(serviceKey(report))!;
      const missed = silent && !this.isReplaced(health, nowUs);
      this.judge(subject, 'silent', missed && 'critical', `${service} is silent`, `${service} speaks again`, nowUs);
      const why = shortened(whyNotReady(health));
      const unready = !silent && !ready && !isCovered(health, [...this.services.values()].map((slot) => slot.health), nowUs, serviceSilentUs);
      this.judge(subject, 'unready', unready && 'warning', `${service} is not ready: ${why}`, `${service} is ready`, nowUs);
      // Who fell silent has not said that its troubles are over.
      if (!silent) this.judgeTroubles(subject, health.troubles ?? [], nowUs);
      const distance = apart.get(serviceKey(report));
      this.judge(subject, 'clock', distance !== undefined && 'critical', distance === undefined ? '' : clockText(report, distance), `the clock of ${service} agrees with those of the others`, nowUs);
      const errors = report.errorsPerSecond;
      const often = `${service} counts ${errors.toFixed(1)} errors a second`;
      this.judge(subject, 'errors', errors > errorsPerSecond && 'warning', often, `${service} has few errors again`, nowUs);
      const slow = `${service} is slow: p99 ${(report.worstP99Us / 1000).toFixed(0)} ms`;
      this.judge(subject, 'latency', report.worstP99Us > latencyP99Us && 'warning', slow, `${service} is fast again`, nowUs);
    }
  }

  /** What the service itself says stands wrong: an alert each, until it says so no more. */
  private judgeTroubles(subject: string, troubles: readonly Trouble[], nowUs: number): void {
    const standing = new Set(troubles.map(({ key }) => `${TROUBLE}${key}`));
    for (const { key, severity, summary } of troubles) this.alerts.set(subject, `${TROUBLE}${key}`, { severity, summary }, '', nowUs);
    for (const { what, alert } of this.alerts.of(subject)) {
      if (what.startsWith(TROUBLE) && !standing.has(what)) this.alerts.set(subject, what, null, `it stands no more: ${alert.summary}`, nowUs);
    }
  }

  /** Another instance that is heard does its work already. */
  private isReplaced(health: ServiceHealth, nowUs: number): boolean {
    for (const { health: other, heard } of this.services.values()) {
      if (takesPlaceOf(other, health) && nowUs - heard.atUs <= this.thresholds.serviceSilentUs) return true;
    }
    return false;
  }

  /** The instance is gone for a good reason: what was wrong with it is over. */
  private forget(health: ServiceHealth, why: string, nowUs: number): void {
    this.services.delete(serviceKey(health));
    this.clocks.forget(serviceKey(health));
    this.alerts.end(subjectOf(health), why, nowUs);
  }

  private judgeVenue(report: VenueReport, nowUs: number): void {
    const { thresholds } = this;
    const { venue, books, trustedBooks, quoteAgeUs } = report;
    const subject = `venue.${venue}`;
    const { health } = this.venues.get(venue)!;
    const silent = health !== null && report.silentUs > thresholds.venueSilentUs;
    this.judge(subject, 'silent', silent && 'critical', `nobody reports on ${venue}`, `${venue} is reported on again`, nowUs);
    const down = health !== null && !report.connected;
    this.judge(subject, 'connection', down && 'critical', `${venue} is not connected`, `${venue} is connected`, nowUs);
    const stale = quoteAgeUs !== null && quoteAgeUs > thresholds.quoteStaleUs;
    this.judge(subject, 'freshness', stale && 'warning', `${venue} sends no quotes`, `${venue} sends quotes again`, nowUs);
    const doubted = books > 0 && trustedBooks / books < thresholds.trustedShare;
    const trust = `${venue}: ${trustedBooks} of ${books} books are trusted`;
    this.judge(subject, 'trust', doubted && (trustedBooks === 0 ? 'critical' : 'warning'), trust, trust, nowUs);
    const { errorsPerSecond } = report;
    const dead = `${venue}: ${errorsPerSecond.toFixed(1)} dead letters a second`;
    this.judge(subject, 'errors', errorsPerSecond > thresholds.errorsPerSecond && 'warning', dead, `${venue} has few dead letters again`, nowUs);
    const offsetUs = Math.abs(health?.clockOffsetUs ?? 0);
    const skew = `${venue}'s clock is ${(offsetUs / 1e6).toFixed(1)} s away from ours`;
    this.judge(subject, 'clock', offsetUs > thresholds.clockOffsetUs && 'warning', skew, `${venue}'s clock agrees with ours`, nowUs);
  }

  private judge(subject: string, what: string, severity: Alert['severity'] | false, summary: string, over: string, nowUs: number): void {
    this.alerts.set(subject, what, severity === false ? null : { severity, summary }, over, nowUs);
  }

  private venue(name: string): VenueSlot {
    let slot = this.venues.get(name);
    if (!slot) {
      slot = { health: null, heardAtUs: 0, quoteAtUs: 0, lagUs: null, errors: new CounterRate() };
      this.venues.set(name, slot);
    }
    return slot;
  }
}

const serviceKey = ({ service, instance }: Named): string => `${service}:${instance}`;
const subjectOf = ({ service, instance }: Named): string => `service.${service}.${instance}`;

/** A service may lack as many things as it has books: some tell what kind they are. */
function shortened(missing: readonly string[]): string {
  const told = missing.slice(0, MISSING_TOLD).join(', ');
  return missing.length <= MISSING_TOLD ? told : `${told}, and ${missing.length - MISSING_TOLD} more`;
}

function clockText({ service, instance }: Named, { byUs, others }: ClockDistance): string {
  const distance = `${(Math.abs(byUs) / 1e6).toFixed(1)} s ${byUs > 0 ? 'ahead of' : 'behind'}`;
  return `the clock of ${service} (${instance}) is ${distance} those of others, among them ${others.join(', ')}: ages of what passes between them are unknown or wrong, `
    + 'and nothing trades on them. Keep the clock of every machine by NTP (timedatectl set-ntp true), then restart what runs there';
}

/** The sum of every counter of a service whose name speaks of something going wrong. */
function errorsOf({ counters }: ServiceHealth): number {
  let sum = 0;
  for (const [name, count] of Object.entries(counters)) if (ERROR_COUNTER.test(name)) sum += count;
  return sum;
}
