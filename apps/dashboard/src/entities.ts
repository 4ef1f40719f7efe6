import type {
  Alert, AuditEntry, Fill, HaltRecord, InstrumentSpecification, LimitDifference, Opportunity as FoundOpportunity, Order, Position, Profit, Refusal, RegimeEvent,
  ServiceHealth, VenueHealth,
} from '@parallax/types';

export interface Level {
  readonly price: string;
  readonly size: string;
}
export type TrustName = 'resyncing' | 'synced' | 'suspect' | 'stale';
export interface Quote {
  readonly venue: string;
  readonly symbol: string;
  readonly base: string;
  readonly bid: Level | null;
  readonly ask: Level | null;
  readonly source: 'depth' | 'ticker';
  readonly trust: TrustName;
  readonly cause: string;
  readonly changedAtUs: number;
  readonly provenAtUs: number;
}
export interface Book {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly trust: TrustName;
  readonly levels: { readonly bids: number; readonly asks: number };
}
export interface Verdict {
  readonly id: string;
  readonly kind: 'approved' | 'refused';
  readonly opportunityId: string | null;
  readonly account: string;
  readonly refusals: readonly Refusal[];
  readonly notional: string | null;
  readonly currency: string | null;
  readonly atUs: number;
}
/** What became of an opportunity; reasons are those of the strategy that let it pass, or the codes of risk's refusal. */
export interface Decision {
  readonly kind: 'passed' | 'asked' | 'refused' | 'approved';
  readonly reasons: readonly string[];
}
export type Opportunity = FoundOpportunity & { readonly decision: Decision | null };
/** Remembered: from before the gateway started, and not heard of since. Not known: `regime` is the last word, not what is now. */
export type Regime = RegimeEvent & { readonly remembered: boolean; readonly known: boolean; readonly stoodAtUs: number | null };
export type Halt = HaltRecord & { readonly account: string | null };

/** What the gateway's stream tells of. */
export interface Entities {
  instrument: InstrumentSpecification;
  quote: Quote;
  regime: Regime;
  opportunity: Opportunity;
  verdict: Verdict;
  order: Order;
  fill: Fill;
  position: Position;
  profit: Profit;
  service: ServiceHealth;
  venue: VenueHealth;
  alert: Alert;
  halt: Halt;
  limits: Readonly<Record<string, unknown>>;
  limitDifference: LimitDifference;
  audit: AuditEntry;
}
export type EntityName = keyof Entities;
export type StreamMessage =
  | { type: 'snapshot'; sequence: number; atUs: number; data: { [Name in EntityName]: Entities[Name][] }; profitHistory: Profit[] }
  | { type: 'change'; sequence: number; entity: EntityName; key: string; value: Entities[EntityName] | null }
  | { type: 'conflated'; skipped: number; snapshot: boolean }
  | { type: 'ping'; sequence: number; atUs: number };
