import { isDeepStrictEqual } from 'node:util';
import type {
  Alert, AuditEntry, Fill, InstrumentSpecification, Intent, LimitDifference, Opportunity, Order, Passed, Position, Profit, Refused,
  RegimeEvent, RememberedQuote, RiskAlive, Row,
  ServiceHealth, ServiceName, VenueFeed, VenueHealth,
} from '@parallax/types';
import { instrumentKey, Quote, ServicePresence } from '@parallax/types';
import { untoken } from '@parallax/wire';
import { ALERTS_KEPT, AlertList } from './alert-list.js';
import { Collection } from './collection.js';
import type { Change, Entities, EntityName, Snapshot } from './entities.js';
import { OpportunityBoard } from './opportunity-board.js';
import { ProfitHistory } from './profit-history.js';
import { QuoteBoard } from './quote-board.js';
import { RegimeBoard, regimeKey } from './regime-board.js';
import { alertStands, isHeld, isOpen, isUnderWay } from './stands.js';
import { SystemBoard } from './system/system-board.js';
import { VenueBoard } from './venue-board.js';
import { Verdicts } from './verdicts.js';
import type { AlertView, DecisionView, HaltView, LimitsView, OpportunityView, QuoteView, RegimeView, SystemView, VerdictView } from './views.js';

/** How much of the past a snapshot carries, beside all that stands; the lists of the REST face go further back. */
const SNAPSHOT_ROWS = 200;

/** The gateway's knowledge: last values and a number for every change that it tells. Pure. */
export class GatewayCore {
  private changes: Change[] = [];
  private readonly profits = new ProfitHistory();
  private last = 0;
  private readonly quotes = new QuoteBoard();
  private readonly venues = new VenueBoard();
  private readonly regimes = new RegimeBoard();
  private readonly verdicts = new Verdicts();
  private readonly opportunities = new OpportunityBoard();
  private readonly alerts = new AlertList();
  readonly presence = new ServicePresence();
  private readonly board: SystemBoard;
  private readonly accounts = new Set<string>();
  readonly collections = {
    system: new Collection<SystemView>('key'),
    instrument: new Collection<InstrumentSpecification>('key', 100_000),
    regime: new Collection<RegimeView>('key'),
    opportunity: new Collection<OpportunityView>('newest', 10_000, isOpen),
    verdict: new Collection<VerdictView>('newest'),
    order: new Collection<Order>('newest', 10_000, isUnderWay),
    fill: new Collection<Fill>('newest'),
    position: new Collection<Position>('key', 10_000, isHeld),
    profit: new Collection<Profit>('key'),
    service: new Collection<ServiceHealth>('key'),
    venue: new Collection<VenueHealth>('key'),
    alert: new Collection<AlertView>('newest', ALERTS_KEPT, alertStands),
    halt: new Collection<HaltView>('key'),
    limits: new Collection<LimitsView>('key'),
    limitDifference: new Collection<LimitDifference>('key'),
    audit: new Collection<AuditEntry>('newest', 1_000),
  };

  /** `expected`: services that are missed where nothing is heard of them. */
  constructor(expected: readonly ServiceName[] = []) {
    this.board = new SystemBoard(expected);
  }

  get sequence(): number {
    return this.last;
  }

  get riskAliveAtUs(): number | null {
    return this.board.aliveAtUs;
  }

  /** As in {@link SystemBoard}. */
  get busBackAtUs(): number | null {
    return this.board.busBackAtUs;
  }

  /** The connection to the bus came or went. */
  onBus(isConnected: boolean, nowUs: number): void {
    this.board.onBus(isConnected, nowUs);
    this.judge(nowUs);
  }

  /** Whether all that streams hold of the past has been read. */
  onHistory(isRead: boolean, nowUs: number): void {
    this.board.onHistory(isRead);
    this.judge(nowUs);
  }

  onInstrument(specification: InstrumentSpecification): void {
    this.put('instrument', instrumentKey(specification.venue, specification.symbol), specification);
  }

  /** False when the instrument's scales are not known (yet): then its integers mean nothing. */
  onQuote(venue: string, symbol: string, row: Row): boolean {
    const key = instrumentKey(venue, symbol);
    const specification = this.collections.instrument.get(key);
    if (!specification) return false;
    this.quotes.put(key, specification, row);
    return true;
  }

  /** Two instances write the venue's market: what is shown of it may be the wrong one's. */
  onTwoWriters(venue: string): void {
    this.quotes.distrust(venue);
  }

  /**
   * A quote from before the start. False where it cannot be shown: its integers are of another specification than the one
   * that holds, or a live one is there already.
   */
  onRememberedQuote({ venue, symbol, priceScale, sizeScale, row }: RememberedQuote): boolean {
    const key = instrumentKey(venue, symbol);
    const specification = this.collections.instrument.get(key);
    if (specification?.version !== row[Quote.specificationVersion]) return false;
    if (specification.priceScale !== priceScale || specification.sizeScale !== sizeScale) return false;
    return this.quotes.remember(key, specification, row);
  }

  onRegime(event: RegimeEvent, nowUs: number): void {
    this.tellRegime(this.regimes.onChange(event, nowUs));
  }

  onStandingRegime(event: RegimeEvent, nowUs: number): void {
    this.tellRegime(this.regimes.onStanding(event, nowUs));
  }

  onRememberedRegime(event: RegimeEvent): void {
    this.tellRegime(this.regimes.onRemembered(event));
  }

  /** Tells what time alone changes. */
  onWake(nowUs: number): void {
    for (const view of this.regimes.onWake(nowUs)) this.tellRegime(view);
    const services = this.collections.service.values();
    for (const view of this.opportunities.onWake(services, nowUs)) this.put('opportunity', view.id, view);
    // One that does not know its past cannot tell what stands.
    const isMonitoringActing = this.board.standing('monitoring', services, nowUs).is === 'acts';
    for (const view of this.alerts.onWake(isMonitoringActing, nowUs)) this.put('alert', view.id, view);
    this.judge(nowUs);
  }

  onOpportunity(opportunity: Opportunity, nowUs: number): void {
    this.tellOpportunity(this.opportunities.onOpportunity(opportunity, this.collections.service.values(), nowUs));
  }

  onPassed({ opportunityId, account, strategy, reason, atUs }: Passed): void {
    const known = this.opportunities.decisionOf(opportunityId);
    // A pair that is busy or rests because of this very opportunity: what was decided on it says more.
    if (known === undefined || known.kind === 'passed') this.decide(opportunityId, { kind: 'passed', account, strategy, reasons: [reason], atUs });
  }

  onIntent(intent: Intent): void {
    const { opportunityId, account, strategy, createdAtUs: atUs } = intent;
    this.verdicts.onIntent(intent);
    this.decide(opportunityId, { kind: 'asked', account, strategy, reasons: [], atUs });
  }

  onRefused(refused: Refused): void {
    const { intent: { id, opportunityId, account, strategy }, refusals, atUs } = refused;
    if (this.collections.verdict.get(id)) return;
    this.decide(opportunityId, { kind: 'refused', account, strategy, reasons: [...new Set(refusals.map(({ code }) => code))], atUs });
    this.put('verdict', id, this.verdicts.ofRefusal(refused));
  }

  onOrder(order: Order): void {
    const newer = (known: Order): boolean => known.updatedAtUs <= order.updatedAtUs;
    if (!this.isNewer('order', order.id, newer)) return;
    this.put('order', order.id, order);
    if (this.collections.verdict.get(order.intentId)) return;
    const verdict = this.verdicts.ofOrder(order);
    const { opportunityId, account, strategy, atUs } = verdict;
    if (opportunityId !== null) this.decide(opportunityId, { kind: 'approved', account, strategy, reasons: [], atUs });
    this.put('verdict', order.intentId, verdict);
  }

  onFill(fill: Fill): void {
    if (!this.collections.fill.get(fill.id)) this.put('fill', fill.id, fill);
  }

  onPosition(position: Position): void {
    const key = [position.account, position.strategy, position.venue, position.symbol].join(' ');
    if (!this.isNewer('position', key, (known) => known.updatedAtUs <= position.updatedAtUs && !isDeepStrictEqual(known, position))) return;
    this.put('position', key, position);
  }

  /** Told on each second, changed or not: what stands open is worth what it says only while it is heard. */
  onProfit(profit: Profit): void {
    const key = `${profit.account} ${profit.currency}`;
    if (!this.isNewer('profit', key, (known) => known.atUs <= profit.atUs)) return;
    this.put('profit', key, profit);
    this.profits.add(profit);
  }

  onService(health: ServiceHealth, nowUs: number): void {
    this.board.onService(health);
    if (health.ended) return this.forgetService(health);
    this.presence.onHealth(health, nowUs);
    this.put('service', serviceKey(health), health);
  }

  onVenue(health: VenueHealth): void {
    this.put('venue', health.venue, this.venues.onHealth(health));
  }

  onFeed(feed: VenueFeed, nowUs: number): void {
    this.presence.onFeed(feed, nowUs);
    const venue = this.venues.onFeed(feed);
    if (venue !== null) this.put('venue', feed.venue, venue);
  }

  /** Told again as long as it stands. */
  onAlert(alert: Alert, nowUs: number): void {
    const view = this.alerts.onAlert(alert, nowUs);
    if (view !== null) this.put('alert', view.id, view);
  }

  onAudit(entry: AuditEntry): void {
    if (!this.collections.audit.get(entry.id)) this.put('audit', entry.id, entry);
  }

  onHalt(key: string, halt: HaltView | null): void {
    this.put('halt', key, halt);
  }

  onLimits(key: string, limits: LimitsView | null): void {
    if (limits === null) this.accounts.delete(untoken(key));
    else this.accounts.add(untoken(key));
    this.put('limits', key, limits);
  }

  /** A sign of life, with all limits that stand otherwise than configured; the others do not any more. */
  onRiskAlive({ atUs, limitDifferences }: RiskAlive): void {
    this.board.onRiskAlive(atUs);
    const known = this.collections.limitDifference;
    const told = new Map(limitDifferences.map((one) => [`${one.account} ${one.name}`, one]));
    for (const { account, name } of known.values()) {
      const key = `${account} ${name}`;
      if (!told.has(key)) this.put('limitDifference', key, null);
    }
    for (const [key, one] of told) {
      const { configured, standing } = known.get(key) ?? {};
      if (one.configured !== configured || one.standing !== standing) this.put('limitDifference', key, one);
    }
  }

  quote(venue: string, symbol: string): QuoteView | undefined {
    return this.quotes.get(instrumentKey(venue, symbol));
  }

  allQuotes(): QuoteView[] {
    return this.quotes.all();
  }

  /** How the whole stands now. */
  system(nowUs: number): SystemView {
    return this.judge(nowUs);
  }

  snapshot(nowUs: number): Snapshot {
    this.judge(nowUs);
    const data = { quote: this.quotes.all() } as Record<EntityName, unknown[]>;
    for (const [name, collection] of Object.entries(this.collections)) {
      data[name as EntityName] = collection.values(collection.order === 'newest' ? SNAPSHOT_ROWS : undefined);
    }
    return { type: 'snapshot', sequence: this.last, atUs: nowUs, data: data as unknown as Snapshot['data'], profitHistory: this.profits.samples };
  }

  /** Every change since the last call, in order; quotes as they stand now, once each however often they moved. */
  takeChanges(): Change[] {
    for (const quote of this.quotes.takeMoved()) this.tell('quote', instrumentKey(quote.venue, quote.symbol), quote);
    const changes = this.changes;
    this.changes = [];
    return changes;
  }

  private forgetService(health: ServiceHealth): void {
    this.presence.forget(health);
    if (this.collections.service.get(serviceKey(health))) this.put('service', serviceKey(health), null);
  }

  private judge(nowUs: number): SystemView {
    for (const gone of this.presence.covered(nowUs)) this.forgetService(gone);
    const { service, venue, regime, halt, system } = this.collections;
    const view = this.board.view({ services: service.values(), venues: venue.values(), regimes: regime.values(), halts: halt.values(), accounts: [...this.accounts], freshQuotes: (maxAgeUs, atUs) => this.quotes.fresh(maxAgeUs, atUs) }, nowUs);
    if (!isDeepStrictEqual(system.get(SYSTEM), view)) this.put('system', SYSTEM, view);
    return view;
  }

  private tellRegime(view: RegimeView | null): void {
    if (view !== null) this.put('regime', regimeKey(view), view);
  }

  private tellOpportunity(view: OpportunityView | null): void {
    if (view !== null) this.put('opportunity', view.id, view);
  }

  private put<Name extends keyof GatewayCore['collections']>(name: Name, key: string, value: Entities[Name] | null): void {
    const collection = this.collections[name] as unknown as Collection<Entities[Name]>;
    if (value === null) collection.delete(key);
    else collection.put(key, value);
    this.tell(name, key, value);
  }

  private tell(entity: EntityName, key: string, value: Change['value']): void {
    this.changes.push({ type: 'change', sequence: ++this.last, entity, key, value });
  }

  private isNewer<Name extends keyof GatewayCore['collections']>(
    name: Name,
    key: string,
    newer: (known: Entities[Name]) => boolean,
  ): boolean {
    const known = (this.collections[name] as unknown as Collection<Entities[Name]>).get(key);
    return known === undefined || newer(known);
  }

  private decide(opportunityId: string, decision: DecisionView): void {
    this.tellOpportunity(this.opportunities.onDecision(opportunityId, decision));
  }
}

/** The key of the one view of the whole. */
const SYSTEM = 'system';
const serviceKey = ({ service, instance }: ServiceHealth): string => `${service}:${instance}`;
