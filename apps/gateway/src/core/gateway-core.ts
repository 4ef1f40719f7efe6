import { isDeepStrictEqual } from 'node:util';
import type {
  Alert, AuditEntry, Fill, InstrumentSpecification, Intent, LimitDifference, Opportunity, Order, Passed, Position, Profit, Refused,
  RegimeEvent, RememberedQuote, Row,
  ServiceHealth, VenueFeed, VenueHealth,
} from '@parallax/types';
import { instrumentKey, Quote, succeeds } from '@parallax/types';
import { Collection } from './collection.js';
import { ProfitHistory } from './profit-history.js';
import { QuoteBoard } from './quote-board.js';
import { RegimeBoard, regimeKey } from './regime-board.js';
import { VenueBoard } from './venue-board.js';
import type { DecisionView, HaltView, LimitsView, OpportunityView, QuoteView, RegimeView, VerdictView } from './views.js';

/** What the stream can tell of, each with its last value's type. */
export interface Entities {
  instrument: InstrumentSpecification;
  quote: QuoteView;
  regime: RegimeView;
  opportunity: OpportunityView;
  verdict: VerdictView;
  order: Order;
  fill: Fill;
  position: Position;
  profit: Profit;
  service: ServiceHealth;
  venue: VenueHealth;
  alert: Alert;
  halt: HaltView;
  limits: LimitsView;
  limitDifference: LimitDifference;
  audit: AuditEntry;
}
export type EntityName = keyof Entities;

export interface Change {
  readonly type: 'change';
  readonly sequence: number;
  readonly entity: EntityName;
  /** What is the same for the whole life of the entity. */
  readonly key: string;
  /** Null: it is gone. */
  readonly value: Entities[EntityName] | null;
}
export interface Snapshot {
  readonly type: 'snapshot';
  /** Changes with a higher number are newer than this snapshot. */
  readonly sequence: number;
  readonly atUs: number;
  readonly data: { readonly [Name in EntityName]: Entities[Name][] };
  /** How profits came about, samples of each account and currency, oldest first. */
  readonly profitHistory: readonly Profit[];
}

/** How much of the past a snapshot carries; the lists of the REST face go further back. */
const SNAPSHOT_ROWS = 200;

/** The gateway's knowledge: last values and a number for every change that it tells. Pure. */
export class GatewayCore {
  private changes: Change[] = [];
  private readonly profits = new ProfitHistory();
  private last = 0;
  private readonly quotes = new QuoteBoard();
  private readonly venues = new VenueBoard();
  private readonly regimes = new RegimeBoard();
  private readonly intents = new Collection<Intent>('newest', 20_000);
  /** By opportunity. */
  private readonly decisions = new Collection<DecisionView>('newest', 20_000);
  readonly collections = {
    instrument: new Collection<InstrumentSpecification>('key', 100_000),
    regime: new Collection<RegimeView>('key'),
    opportunity: new Collection<OpportunityView>('newest'),
    verdict: new Collection<VerdictView>('newest'),
    order: new Collection<Order>('newest'),
    fill: new Collection<Fill>('newest'),
    position: new Collection<Position>('key'),
    profit: new Collection<Profit>('key'),
    service: new Collection<ServiceHealth>('key'),
    venue: new Collection<VenueHealth>('key'),
    alert: new Collection<Alert>('newest', 1_000),
    halt: new Collection<HaltView>('key'),
    limits: new Collection<LimitsView>('key'),
    limitDifference: new Collection<LimitDifference>('key'),
    audit: new Collection<AuditEntry>('newest', 1_000),
  };

  get sequence(): number {
    return this.last;
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
  }

  onOpportunity(opportunity: Opportunity): void {
    const { id } = opportunity;
    const newer = (known: Opportunity): boolean => known.state !== 'closed' && known.atUs <= opportunity.atUs;
    if (this.isNewer('opportunity', id, newer)) this.put('opportunity', id, { ...opportunity, decision: this.decisions.get(id) ?? null });
  }

  onPassed({ opportunityId, account, strategy, reason, atUs }: Passed): void {
    const known = this.decisions.get(opportunityId);
    // A pair that is busy or rests because of this very opportunity: what was decided on it says more.
    if (known === undefined || known.kind === 'passed') this.decide(opportunityId, { kind: 'passed', account, strategy, reasons: [reason], atUs });
  }

  onIntent(intent: Intent): void {
    const { opportunityId, account, strategy, createdAtUs: atUs } = intent;
    this.intents.put(intent.id, intent);
    this.decide(opportunityId, { kind: 'asked', account, strategy, reasons: [], atUs });
  }

  onRefused({ intent, refusals, atUs }: Refused): void {
    const { id: intentId, opportunityId, account, strategy, plan } = intent;
    const { notional, currency } = plan;
    if (this.collections.verdict.get(intentId)) return;
    const reasons = [...new Set(refusals.map(({ code }) => code))];
    this.decide(opportunityId, { kind: 'refused', account, strategy, reasons, atUs });
    this.put('verdict', intentId, {
      id: intentId, kind: 'refused', intentId, opportunityId, account, strategy, refusals: [...refusals], notional, currency, atUs,
    });
  }

  onOrder(order: Order): void {
    const newer = (known: Order): boolean => known.updatedAtUs <= order.updatedAtUs;
    if (!this.isNewer('order', order.id, newer)) return;
    this.put('order', order.id, order);
    this.approvalOf(order);
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

  onService(health: ServiceHealth): void {
    if (health.ended) {
      if (this.collections.service.get(serviceKey(health))) this.put('service', serviceKey(health), null);
      return;
    }
    for (const known of this.collections.service.values()) if (succeeds(health, known)) this.put('service', serviceKey(known), null);
    this.put('service', serviceKey(health), health);
  }

  onVenue(health: VenueHealth): void {
    this.put('venue', health.venue, this.venues.onHealth(health));
  }

  onFeed(feed: VenueFeed): void {
    const venue = this.venues.onFeed(feed);
    if (venue !== null) this.put('venue', feed.venue, venue);
  }

  /** Told again as long as it stands. */
  onAlert(alert: Alert): void {
    if (!this.isNewer('alert', alert.id, (known) => !isDeepStrictEqual(known, alert))) return;
    this.put('alert', alert.id, alert);
  }

  onAudit(entry: AuditEntry): void {
    if (!this.collections.audit.get(entry.id)) this.put('audit', entry.id, entry);
  }

  onHalt(key: string, halt: HaltView | null): void {
    this.put('halt', key, halt);
  }

  onLimits(key: string, limits: LimitsView | null): void {
    this.put('limits', key, limits);
  }

  /** All limits that stand otherwise than configured, as risk tells them; the others do not any more. */
  onLimitDifferences(differences: readonly LimitDifference[]): void {
    const known = this.collections.limitDifference;
    const told = new Map(differences.map((one) => [`${one.account} ${one.name}`, one]));
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

  snapshot(nowUs: number): Snapshot {
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

  private tellRegime(view: RegimeView | null): void {
    if (view !== null) this.put('regime', regimeKey(view), view);
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

  /** Approvals themselves are for execution alone; that one was given shows in the first order made from it. */
  private approvalOf(order: Order): void {
    if (this.collections.verdict.get(order.intentId)) return;
    const intent = this.intents.get(order.intentId);
    const { account, strategy, createdAtUs: atUs } = order;
    if (intent !== undefined) this.decide(intent.opportunityId, { kind: 'approved', account, strategy, reasons: [], atUs });
    this.put('verdict', order.intentId, {
      id: order.intentId,
      kind: 'approved',
      intentId: order.intentId,
      opportunityId: intent?.opportunityId ?? null,
      account,
      strategy,
      refusals: [],
      notional: intent?.plan.notional ?? null,
      currency: intent?.plan.currency ?? null,
      atUs,
    });
  }

  private decide(opportunityId: string, decision: DecisionView): void {
    const known = this.decisions.get(opportunityId);
    if (known !== undefined && known.atUs > decision.atUs) return;
    this.decisions.put(opportunityId, decision);
    const opportunity = this.collections.opportunity.get(opportunityId);
    if (opportunity !== undefined) this.put('opportunity', opportunityId, { ...opportunity, decision });
  }
}

const serviceKey = ({ service, instance }: ServiceHealth): string => `${service}:${instance}`;
