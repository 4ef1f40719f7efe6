import type {
  Alert as ToldAlert, AuditEntry, Fill, HaltRecord, InstrumentSpecification, LimitDifference, MarketSource, Opportunity as FoundOpportunity, Order, OrdersKind, Position,
  Profit, Refusal, RegimeEvent, ServiceHealth, VenueHealth,
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
  readonly provenAtUs: number | null;
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
/** Not known: it was open when it was last told of, and the arbitrage that found it is not heard. */
export type Opportunity = Omit<FoundOpportunity, 'closeReason'> & {
  readonly decision: Decision | null;
  readonly known: boolean;
  readonly closeReason?: FoundOpportunity['closeReason'] | 'finder-gone';
};
/** Remembered: from before the gateway started, and not heard of since. Not known: `regime` is the last word, not what is now. */
export type Regime = RegimeEvent & { readonly remembered: boolean; readonly known: boolean; readonly stoodAtUs: number | null };
export type Halt = HaltRecord & { readonly account: string | null };
/** Lapsed: neither told again nor told to be over. */
export type Alert = ToldAlert & { readonly lapsedAtUs: number | null };

/** Why it does not trade, or not everywhere. */
export interface Reason {
  readonly key: string;
  readonly kind: 'cut-off' | 'halted' | 'cannot' | 'unheard' | 'part';
  readonly text: string;
  readonly sinceUs: number;
}
export type TradingState = 'trading' | 'trading-in-part' | 'halted' | 'stopped' | 'unknown';
export type ListName = 'alerts' | 'halts' | 'positions' | 'orders' | 'opportunities' | 'deadLetters' | 'audit';
/** Whether a list shows what there is; else why not. */
export interface ListStanding {
  readonly known: boolean;
  readonly why: string;
  readonly sinceUs: number;
}
/** How the whole stands, as the gateway judges it. `unknown`: nobody says it now, `told` is what was said last. */
export interface System {
  readonly market: { readonly is: MarketSource | 'mixed' | 'unknown'; readonly told: MarketSource | 'mixed' | null };
  readonly orders: { readonly is: OrdersKind | 'mixed' | 'unknown'; readonly told: OrdersKind | 'mixed' | null };
  readonly bus: { readonly state: 'connected' | 'silent' | 'gone'; readonly sinceUs: number };
  readonly trading: { readonly state: TradingState; readonly sinceUs: number; readonly reasons: readonly Reason[] };
  readonly lists: Readonly<Record<ListName, ListStanding>>;
  readonly missingServices: readonly string[];
  readonly watchedSinceUs: number;
}

/** What the gateway's stream tells of. */
export interface Entities {
  system: System;
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
