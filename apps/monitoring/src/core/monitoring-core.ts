import {
  errorsOf, InstrumentTable, Quote, ServicePresence, STAGE_NAMES, STOOD_STILL, whyNotReady, type Alert, type AuditEntry, type Fill, type LatencySummary,
  type PlanResult, type Row, type ServiceHealth, type StageName, type Trouble, type VenueFeed, type VenueHealth, type WakingCore,
} from '@parallax/types';
import { AlertBoard } from './alert-board.js';
import type { ServiceAlert, VenueAlert } from './alert-kinds.js';
import { ClockWatch, type ClockDistance } from './clock-watch.js';
import { Hearing } from './hearing.js';
import { LegRisk } from './leg-risk.js';
import { CounterRate } from './rate.js';
import type { MonitoringThresholds } from './thresholds.js';

const ROUND_US = 1_000_000;
/** What an alert of a service's own word begins with, so that none of ours is ended for it. */
const TROUBLE = 'trouble.';
/** So many of what a service lacks stand in its alert. */
const MISSING_TOLD = 5;
/** A stand-by that is gone is told for so long, where another instance acts: nobody may want it back. */
const STAND_BY_MISSED_US = 600_000_000;
/** So long a stand-by may take until it acts, once nobody else does: a lease is taken over after a second. */
const TAKES_OVER_US = 3_000_000;

export interface ServiceReport {
  readonly service: string;
  readonly instance: string;
  readonly ready: boolean;
  readonly silentUs: number;
  /** For so long that what it said last is not known to hold. */
  readonly silent: boolean;
  /** Null before the second word of it. */
  readonly errorsPerSecond: number | null;
  /** Of the stages that it measured lately. */
  readonly latencies: ServiceHealth['latencies'];
}
export interface VenueReport {
  readonly venue: string;
  /** These are null before normalisation has told of the venue, and rates until it has twice. */
  readonly connected: boolean | null;
  readonly silentUs: number | null;
  /** For so long that what was told of it last is not known to hold. */
  readonly silent: boolean;
  readonly framesPerSecond: number | null;
  readonly errorsPerSecond: number | null;
  readonly trustedBooks: number | null;
  readonly books: number | null;
  /** Age of the venue's newest quote; null before the first. */
  readonly quoteAgeUs: number | null;
  /** It is so old that it says nothing of now. */
  readonly stale: boolean;
  /** Receive time less exchange time of the newest quote that carried both: the way here plus the clocks' distance. */
  readonly lagUs: number | null;
  /** Distance of our clock from the venue's; null before it is known. */
  readonly clockOffsetUs: number | null;
}

type Named = Pick<ServiceReport, 'service' | 'instance'>;

interface ServiceSlot {
  health: ServiceHealth;
  readonly errors: CounterRate;
  /** When it last stood by as it should, or was heard first. */
  inOrderAtUs: number;
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
  private readonly presence: ServicePresence;
  private readonly venues = new Map<string, VenueSlot>();
  private readonly alerts: AlertBoard;
  private readonly legRisk: LegRisk;
  private readonly clocks: ClockWatch;
  /** Whether monitoring itself hears. */
  readonly hearing: Hearing;

  constructor(
    private readonly thresholds: MonitoringThresholds,
    private readonly startedAtUs: number,
    emit: (alert: Alert) => void,
    instruments: InstrumentTable = new InstrumentTable(),
  ) {
    this.alerts = new AlertBoard(emit);
    this.hearing = new Hearing(this.alerts);
    this.presence = new ServicePresence(thresholds.serviceSilentUs);
    this.clocks = new ClockWatch(thresholds.serviceClockUs);
    this.legRisk = new LegRisk(instruments, this.alerts);
    this.wakeAtUs = startedAtUs + ROUND_US;
  }

  onService(health: ServiceHealth, nowUs: number): void {
    if (health.ended) return this.forget(health, `this instance of ${health.service} has ended`, nowUs);
    const key = serviceKey(health);
    this.presence.onHealth(health, nowUs);
    const slot = this.services.get(key) ?? { health, errors: new CounterRate(), inOrderAtUs: nowUs };
    slot.health = health;
    if (!health.standsBy) slot.inOrderAtUs = nowUs;
    slot.errors.add(errorsOf(health.counters), nowUs);
    this.clocks.onWord(key, health.atUs, nowUs);
    this.services.set(key, slot);
  }

  onFeed(feed: Pick<VenueFeed, 'venue' | 'instance'>, nowUs: number): void {
    this.presence.onFeed(feed, nowUs);
  }

  onVenue(health: VenueHealth, nowUs: number): void {
    const slot = this.venue(health.venue);
    // Ingestion and normalisation both report: the connection is the one's to tell, the books are the other's.
    slot.health = health.symbols.length > 0 || !slot.health ? health : { ...health, symbols: slot.health.symbols };
    slot.heardAtUs = nowUs;
    if (health.deadLetters !== null) slot.errors.add(health.deadLetters, nowUs);
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

  /** `isPastKnown`: of what plans left standing only a part is known before, and a part may look even that is not. */
  onWake(nowUs: number, isPastKnown = true): void {
    this.hearing.onWake(nowUs, this.wakeAtUs);
    this.wakeAtUs = nowUs + ROUND_US;
    if (!this.hearing.isDeaf) {
      this.judgeServices(nowUs);
      for (const report of this.venueReports(nowUs)) this.judgeVenue(report, nowUs);
    }
    if (isPastKnown) this.legRisk.judge(nowUs);
  }

  get openAlerts(): readonly Alert[] {
    return this.alerts.open;
  }

  serviceReports(nowUs: number): ServiceReport[] {
    return [...this.services.values()].map(({ health, errors }) => ({
      service: health.service,
      instance: health.instance,
      ready: health.ready,
      silentUs: this.silentForUs(health, nowUs),
      silent: this.silentForUs(health, nowUs) > this.thresholds.serviceSilentUs,
      errorsPerSecond: errors.perSecond,
      latencies: health.latencies,
    }));
  }

  venueReports(nowUs: number): VenueReport[] {
    const { venueSilentUs, quoteStaleUs } = this.thresholds;
    return [...this.venues].map(([venue, { health, heardAtUs, quoteAtUs, lagUs, errors }]) => {
      const silentUs = health === null ? null : nowUs - heardAtUs;
      const quoteAgeUs = quoteAtUs === 0 ? null : nowUs - quoteAtUs;
      return {
        venue,
        connected: health?.connected ?? null,
        silentUs,
        silent: silentUs !== null && silentUs > venueSilentUs,
        framesPerSecond: health?.framesPerSecond ?? null,
        errorsPerSecond: errors.perSecond,
        quoteAgeUs,
        stale: quoteAgeUs !== null && quoteAgeUs > quoteStaleUs,
        lagUs,
        trustedBooks: health?.symbols.filter(({ trust }) => trust === 'synced').length ?? null,
        books: health?.symbols.length ?? null,
        clockOffsetUs: health?.clockOffsetUs ?? null,
      };
    });
  }

  private judgeServices(nowUs: number): void {
    const { serviceSilentUs, errorsPerSecond, expectedServices } = this.thresholds;
    const standBysGone = this.forgetCovered(nowUs);
    const reports = this.serviceReports(nowUs);
    const unheardUs = nowUs - this.hearing.heardUntilUs(nowUs);
    for (const name of expectedServices) {
      const missing = nowUs - this.startedAtUs > serviceSilentUs && !reports.some(({ service }) => service === name);
      this.judge(`service.${name}`, 'missing', missing && 'critical', `${name} is not there: not started, or ended`, `${name} is there`, nowUs);
    }
    const apart = this.clocks.apart(nowUs);
    for (const report of reports) {
      const { service, ready } = report;
      if (this.hearing.mayHaveSpoken(nowUs - report.silentUs, nowUs)) continue;
      const silent = report.silentUs - unheardUs > serviceSilentUs;
      const subject = subjectOf(report);
      const { health } = this.services.get(serviceKey(report))!;
      const isStandByGone = standBysGone.has(health);
      const silence = isStandByGone ? `a stand-by of ${service} is silent: nobody would take over from the instance that acts` : this.silenceOf(health, nowUs);
      this.judge(subject, 'silent', silent && (isStandByGone ? 'warning' : 'critical'), silence, `${service} speaks again`, nowUs);
      const why = shortened(whyNotReady(health));
      const unready = !silent && !ready && !this.isWaiting(health, nowUs);
      const over = silent ? `${service} is silent, so that nobody knows whether it is ready` : `${service} ${ready ? 'is ready' : 'stands by, and another instance acts'}`;
      this.judge(subject, 'unready', unready && 'warning', `${service} is not ready: ${why}`, over, nowUs);
      // Who fell silent has not said that its troubles are over; they end where another does its work.
      if (!silent) this.judgeTroubles(subject, health.troubles ?? [], nowUs);
      const distance = apart.get(serviceKey(report));
      // What is not known ends no alert.
      if (!silent && this.clocks.isKnown(serviceKey(report), nowUs)) this.judge(subject, 'clock', distance !== undefined && 'critical', distance === undefined ? '' : clockText(report, distance), `the clock of ${service} agrees with those of the others`, nowUs);
      const errors = report.errorsPerSecond;
      if (errors !== null) {
        const often = `${service} counts ${errors.toFixed(1)} errors a second`;
        this.judge(subject, 'errors', errors > errorsPerSecond && 'warning', often, `${service} has few errors again`, nowUs);
      }
      if (!silent) for (const stage of STAGE_NAMES) this.judgeLatency(report, stage, report.latencies[stage], nowUs);
    }
  }

  private judgeLatency(report: ServiceReport, stage: StageName, measured: LatencySummary | undefined, nowUs: number): void {
    const { service } = report;
    const isSlow = measured !== undefined && measured.p99 > this.thresholds.latencyP99Us[stage];
    const slow = isSlow ? `${service} is slow: of ${measured.count} ${stage} in the last minute p99 is ${(measured.p99 / 1000).toFixed(0)} ms` : '';
    const over = measured === undefined ? `${service} has measured no ${stage} for a minute` : `${service} is fast again: ${stage}`;
    this.judge(subjectOf(report), `latency.${stage}`, isSlow && 'warning', slow, over, nowUs);
  }

  /** What the service itself says stands wrong: an alert each, until it says so no more. */
  private judgeTroubles(subject: string, troubles: readonly Trouble[], nowUs: number): void {
    const standing = new Set(troubles.map(({ key }) => `${TROUBLE}${key}`));
    for (const { key, severity, summary } of troubles) this.alerts.set(subject, `${TROUBLE}${key}`, { severity, summary }, '', nowUs);
    for (const { what, alert } of this.alerts.of(subject)) {
      if (what.startsWith(TROUBLE) && !standing.has(what)) this.alerts.set(subject, what, null, `it stands no more: ${alert.summary}`, nowUs);
    }
  }

  /**
   * Nobody need miss an instance that is silent where others do its work, and what it said of troubles says nothing of now. A
   * stand-by without another is told for a while all the same: those are given back.
   */
  private forgetCovered(nowUs: number): ReadonlySet<ServiceHealth> {
    const standBysGone = new Set<ServiceHealth>();
    for (const health of this.presence.covered(nowUs)) {
      if (this.hearing.mayHaveSpoken(nowUs - this.silentForUs(health, nowUs), nowUs)) continue;
      const isMissed = health.standsBy && !this.presence.hasOtherStandBy(health, nowUs) && this.silentForUs(health, nowUs) <= STAND_BY_MISSED_US;
      if (isMissed) standBysGone.add(health);
      else this.forget(health, `another instance of ${health.service} does its work`, nowUs);
    }
    return standBysGone;
  }

  /** Of a stand-by: whether another acts, or it may be just about to. */
  private isWaiting(health: ServiceHealth, nowUs: number): boolean {
    if (!health.standsBy) return false;
    const slot = this.services.get(serviceKey(health))!;
    if (this.presence.standsByInOrder(health, nowUs)) slot.inOrderAtUs = nowUs;
    return nowUs - slot.inOrderAtUs <= TAKES_OVER_US;
  }

  private silentForUs(health: ServiceHealth, nowUs: number): number {
    return this.presence.silentForUs(health, nowUs) ?? 0;
  }

  private silenceOf(health: ServiceHealth, nowUs: number): string {
    const unfed = this.presence.unfedVenues(health, nowUs);
    return `${health.service} is silent${unfed.length === 0 ? '' : `, and nobody else feeds ${unfed.join(', ')}`}`;
  }

  /** The instance is gone for a good reason: what was wrong with it is over. */
  private forget(health: ServiceHealth, why: string, nowUs: number): void {
    this.services.delete(serviceKey(health));
    this.presence.forget(health);
    this.clocks.forget(serviceKey(health));
    this.alerts.end(subjectOf(health), why, nowUs);
  }

  private judgeVenue(report: VenueReport, nowUs: number): void {
    const { thresholds } = this;
    const { venue, connected, silentUs, silent, quoteAgeUs, stale, errorsPerSecond, clockOffsetUs } = report;
    const subject = `venue.${venue}`;
    if (quoteAgeUs === null || !this.hearing.mayHaveSpoken(nowUs - quoteAgeUs, nowUs)) {
      this.judge(subject, 'freshness', stale && 'warning', `${venue} sends no quotes`, `${venue} sends quotes again`, nowUs);
    }
    if (silentUs !== null && this.hearing.mayHaveSpoken(nowUs - silentUs, nowUs)) return;
    this.judge(subject, 'silent', silent && 'critical', `nobody reports on ${venue}`, `${venue} is reported on again`, nowUs);
    this.judge(subject, 'connection', connected === false && 'critical', `${venue} is not connected`, `${venue} is connected`, nowUs);
    const [books, trustedBooks] = [report.books ?? 0, report.trustedBooks ?? 0];
    const doubted = books > 0 && trustedBooks / books < thresholds.trustedShare;
    const trust = `${venue}: ${trustedBooks} of ${books} books are trusted`;
    this.judge(subject, 'trust', doubted && (trustedBooks === 0 ? 'critical' : 'warning'), trust, trust, nowUs);
    // What is not known ends no alert.
    if (errorsPerSecond !== null) {
      const dead = `${venue}: ${errorsPerSecond.toFixed(1)} dead letters a second`;
      this.judge(subject, 'errors', errorsPerSecond > thresholds.errorsPerSecond && 'warning', dead, `${venue} has few dead letters again`, nowUs);
    }
    if (clockOffsetUs !== null) {
      const offsetUs = Math.abs(clockOffsetUs);
      const skew = `${venue}'s clock is ${(offsetUs / 1e6).toFixed(1)} s away from ours`;
      this.judge(subject, 'clock', offsetUs > thresholds.clockOffsetUs && 'warning', skew, `${venue}'s clock agrees with ours`, nowUs);
    }
  }

  private judge(subject: string, what: ServiceAlert | VenueAlert, severity: Alert['severity'] | false, summary: string, over: string, nowUs: number): void {
    if (severity !== false && !(what.startsWith('latency.') ? this.mayJudgeLatency(nowUs) : this.hearing.mayBegin(nowUs))) return;
    this.alerts.set(subject, what, severity === false ? null : { severity, summary }, over, nowUs);
  }

  /** What came while a process stood still was handled late wherever it went. */
  private mayJudgeLatency(nowUs: number): boolean {
    const hasStoodStill = [...this.services.values()].some(({ health }) => health.troubles?.some(({ key }) => key === STOOD_STILL));
    return !hasStoodStill && this.hearing.mayJudgeLatency(nowUs);
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
