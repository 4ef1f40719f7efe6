import { isFresh, REGIME_MAX_AGE_US, SERVICE_SILENT_US, type MarketSource, type OrdersKind, type ServiceHealth, type ServiceName, type VenueHealth } from '@parallax/types';
import type { HaltView, RegimeView, SystemView } from '../views.js';
import { listsOf } from './known-lists.js';
import { Since } from './since.js';
import { isHeard, standingOf, type Standing } from './standing.js';
import { toldBy, type Told } from './told.js';
import { NEEDED, reasonsAgainst, stateOf, type TradingState } from './trading.js';

/** Execution stops by itself after so long without a sign of life of risk, in microseconds. */
export const RISK_SILENT_US = 3_000_000;

/** Older quotes nobody trades on: the most that limits allow by default is 2 s, and quotes take their time to here. */
const QUOTE_OLD_US = 3_000_000;

/** What the core holds of everything else. */
export interface SystemInput {
  readonly services: readonly ServiceHealth[];
  readonly venues: readonly VenueHealth[];
  readonly regimes: readonly RegimeView[];
  readonly halts: readonly HaltView[];
  readonly accounts: readonly string[];
  /** How many trusted quotes are no older than so long. */
  freshQuotes(maxAgeUs: number, nowUs: number): number;
}

/**
 * How the whole stands, in one view: which market, what becomes of orders, whether it trades and why not, and which lists may
 * be believed. What is not known is told as unknown, with the reason and since when.
 */
export class SystemBoard {
  private startedAtUs: number | null = null;
  private isConnected = true;
  private busChangedAtUs = 0;
  private historyRead = false;
  private riskAliveAtUs: number | null = null;
  /** The instance of execution that holds positions, and when it was first heard to: what it holds follows that word. */
  private holder: { readonly instance: string; readonly firstAtUs: number; lastAtUs: number } | null = null;
  private readonly endedAtUs = new Map<ServiceName, number>();
  private market: Told<MarketSource> = { now: null, last: null };
  private orders: Told<OrdersKind> = { now: null, last: null };
  private readonly reasonsSince = new Since();
  private readonly listsSince = new Since();
  private trading: { state: TradingState; sinceUs: number } | null = null;

  constructor(private readonly expected: readonly ServiceName[]) {}

  onBus(isConnected: boolean, nowUs: number): void {
    if (isConnected === this.isConnected) return;
    this.isConnected = isConnected;
    this.busChangedAtUs = nowUs;
    // What was told meanwhile was told to nobody here.
    this.holder = null;
  }

  /** When the bus came back last; null: it was not away since the start. */
  get busBackAtUs(): number | null {
    return this.isConnected && this.busChangedAtUs > 0 ? this.busChangedAtUs : null;
  }

  /** Risk's last sign of life by its own clock; null: none since the start. */
  get aliveAtUs(): number | null {
    return this.riskAliveAtUs;
  }

  onHistory(isRead: boolean): void {
    this.historyRead = isRead;
  }

  onRiskAlive(atUs: number): void {
    // The newest word counts, not the highest time: one from the future would hide all that follow.
    this.riskAliveAtUs = atUs;
  }

  onService({ service, instance, ended, standsBy, atUs }: ServiceHealth): void {
    if (ended) this.endedAtUs.set(service, atUs);
    if (service !== 'execution') return;
    const isHolder = this.holder?.instance === instance;
    if (ended || standsBy) {
      if (isHolder) this.holder = null;
    } else if (isHolder) this.holder!.lastAtUs = atUs;
    else this.holder = { instance, firstAtUs: atUs, lastAtUs: atUs };
  }

  /** Whether a service does its work. */
  standing(name: ServiceName, services: readonly ServiceHealth[], nowUs: number): Standing {
    return standingOf(name, { services, endedAtUs: this.endedAtUs }, nowUs);
  }

  view(input: SystemInput, nowUs: number): SystemView {
    this.startedAtUs ??= nowUs;
    const { services } = input;
    const speaking = this.isConnected ? services : [];
    this.market = toldBy(speaking, ({ market }) => market, this.market, nowUs);
    this.orders = toldBy(speaking, ({ orders }) => orders, this.orders, nowUs);
    const bus = this.busOf(services, nowUs);
    return {
      market: { is: this.market.now ?? 'unknown', told: this.market.last },
      orders: { is: this.orders.now ?? 'unknown', told: this.orders.last },
      bus,
      trading: this.tradingOf(input, bus, nowUs),
      lists: this.lists(services, bus, nowUs),
      missingServices: this.expected.filter((name) => !services.some(({ service }) => service === name)),
      watchedSinceUs: this.startedAtUs,
    };
  }

  private busOf(services: readonly ServiceHealth[], nowUs: number): SystemView['bus'] {
    const changedAtUs = this.busChangedAtUs || this.startedAtUs!;
    if (!this.isConnected) return { state: 'gone', sinceUs: changedAtUs };
    const others = services.filter(({ service }) => service !== 'gateway');
    if (others.some((health) => isHeard(health, nowUs)) || nowUs - changedAtUs <= SERVICE_SILENT_US) return { state: 'connected', sinceUs: changedAtUs };
    return { state: 'silent', sinceUs: Math.max(changedAtUs, ...others.map(({ atUs }) => Math.min(atUs, nowUs))) };
  }

  private tradingOf({ services, venues, regimes, halts, accounts, ...quotes }: SystemInput, bus: SystemView['bus'], nowUs: number): SystemView['trading'] {
    const heard = venues.filter((venue) => isHeard(venue, nowUs));
    const reasons = reasonsAgainst({
      bus, halts, accounts,
      standings: this.standings(NEEDED, services, nowUs),
      withoutPaper: this.orders.now === 'live',
      riskAlive: this.riskAlive(nowUs),
      trustedBooks: heard.flatMap(({ symbols }) => symbols).filter(({ trust }) => trust === 'synced').length,
      freshQuotes: quotes.freshQuotes(QUOTE_OLD_US, nowUs),
      knownRegimes: regimes.filter(({ known, stoodAtUs }) => known && stoodAtUs !== null && isFresh(stoodAtUs, REGIME_MAX_AGE_US, nowUs)).length,
    });
    const sinceOf = this.reasonsSince.look(reasons.map(({ key }) => key), nowUs);
    const dated = reasons.map((reason) => ({ ...reason, sinceUs: reason.sinceUs ?? sinceOf(reason.key) }));
    const { state, kind } = stateOf(dated);
    const decidedUs = kind === null ? nowUs : Math.min(...dated.filter((reason) => reason.kind === kind).map(({ sinceUs }) => sinceUs));
    if (this.trading?.state !== state) this.trading = { state, sinceUs: decidedUs };
    return { ...this.trading, reasons: dated };
  }

  private lists(services: readonly ServiceHealth[], bus: SystemView['bus'], nowUs: number): SystemView['lists'] {
    const lists = listsOf({
      bus, historyRead: this.historyRead, riskAlive: this.riskAlive(nowUs),
      standings: this.standings(['monitoring', 'arbitrage', 'normalisation', 'execution'], services, nowUs),
      positionsTold: this.holder !== null && this.holder.lastAtUs > this.holder.firstAtUs && isHeard({ atUs: this.holder.lastAtUs }, nowUs),
    });
    const sinceOf = this.listsSince.look(Object.entries(lists).map(([name, { known }]) => `${name} ${known}`), nowUs);
    const dated = Object.entries(lists).map(([name, { known, why, sinceUs }]) => [name, { known, why, sinceUs: sinceUs ?? sinceOf(`${name} ${known}`) }]);
    return Object.fromEntries(dated) as SystemView['lists'];
  }

  private standings<Name extends ServiceName>(names: readonly Name[], services: readonly ServiceHealth[], nowUs: number): Record<Name, Standing> {
    return Object.fromEntries(names.map((name) => [name, this.standing(name, services, nowUs)])) as Record<Name, Standing>;
  }

  private riskAlive(nowUs: number): { atUs: number | null; isFresh: boolean } {
    const { riskAliveAtUs: atUs } = this;
    return { atUs, isFresh: atUs !== null && isFresh(atUs, RISK_SILENT_US, nowUs) };
  }
}
