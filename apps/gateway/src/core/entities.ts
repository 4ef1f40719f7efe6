import type { AuditEntry, Fill, InstrumentSpecification, LimitDifference, Order, Position, Profit, ServiceHealth, VenueHealth } from '@parallax/types';
import type { AlertView, HaltView, LimitsView, OpportunityView, QuoteView, RegimeView, SystemView, VerdictView } from './views.js';

/** What the stream can tell of, each with its last value's type. */
export interface Entities {
  system: SystemView;
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
  alert: AlertView;
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
