import type { EventOrigin } from './regime.js';

export type OpportunityKind = 'cross-venue' | 'basis';
export type OpportunityState = 'opened' | 'updated' | 'closed';
export type OpportunityCloseReason =
  | 'edge-gone' | 'quote-untrusted' | 'quote-too-old' | 'depth-gone' | 'instrument-halted' | 'shutdown';

/** Why a difference in prices was not worth taking; counted, and shown on request. */
export type NotTakenReason =
  | 'edge-below-minimum' | 'fees' | 'slippage' | 'funding' | 'way-out' | 'depth-too-thin' | 'below-minimum-size'
  | 'quote-untrusted' | 'quote-too-old' | 'book-missing' | 'currency-differs' | 'inventory-missing';

export interface OpportunityLeg {
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /** Worst price that the walk through the depth touches; decimal text. */
  readonly limitPrice: string;
  /** Size-weighted price of the walk; decimal text. */
  readonly averagePrice: string;
  /** Size in the venue's unit; decimal text. */
  readonly size: string;
  /** The same in base units; decimal text. */
  readonly baseSize: string;
  readonly feeRate: string;
  /** Age of the last change and of the last proof of life at detection, in microseconds. */
  readonly ageUs: number;
  readonly provenAgeUs: number;
  readonly updateId: number;
  readonly origin: EventOrigin;
}

/** What it would bring, in quote currency as exact decimal text, and every cost by name. */
export interface OpportunityReceipt {
  readonly currency: string;
  readonly notional: string;
  readonly grossEdge: string;
  readonly fees: string;
  readonly slippage: string;
  /** Basis only: what the way out, expected funding and inventory cost. */
  readonly wayOut: string;
  readonly funding: string;
  readonly inventory: string;
  readonly netEdge: string;
  /** netEdge / notional in basis points. */
  readonly netEdgeBps: string;
}

/** An entity with a life: opened, updated, closed with a reason. */
export interface Opportunity {
  readonly id: string;
  readonly kind: OpportunityKind;
  readonly base: string;
  readonly state: OpportunityState;
  readonly legs: readonly OpportunityLeg[];
  readonly receipt: OpportunityReceipt;
  /** 0 (none) to 1. */
  readonly riskScore: number;
  readonly confidence: number;
  readonly openedAtUs: number;
  readonly atUs: number;
  readonly updates: number;
  readonly closeReason?: OpportunityCloseReason;
  /** The frame that triggered it is the root of its trace; the other legs' frames are links. */
  readonly origin: EventOrigin;
  readonly links: readonly EventOrigin[];
  readonly traceparent?: string;
}
