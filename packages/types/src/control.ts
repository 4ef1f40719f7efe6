import type { EventOrigin } from './regime.js';
import type { HaltRecord } from './order.js';
import type { ServiceName } from './service-name.js';

/** Someone asks that trading stops: everywhere, or for one account. */
export interface HaltRequest {
  readonly who: string;
  readonly why: string;
  readonly account?: string;
}
/** Someone asks that trading goes on; only risk can grant it. */
export type ResumeRequest = HaltRequest;

/** Risk's answer to a halt or resume request: the halt record as it now stands. */
export interface HaltReply {
  readonly record: HaltRecord;
}

/** A person's word that the leg which a plan left standing alone was evened where no fill tells of it. */
export interface EvenedRequest {
  readonly who: string;
  readonly why: string;
  readonly plan: string;
  readonly account: string;
}

export type AuditAction = 'halt' | 'resume' | 'limits' | 'evened';
/** Who changed what may trade, or set a risk right by hand, and why. */
export interface AuditEntry {
  readonly id: string;
  readonly action: AuditAction;
  /** Null means everywhere. */
  readonly account: string | null;
  /** The intent's id, of `evened`. */
  readonly plan?: string;
  readonly who: string;
  readonly why: string;
  /** The service that carried it out. */
  readonly service: ServiceName;
  readonly atUs: number;
}

/** A limit of an account that stands otherwise than it was configured; both values as text. */
export interface LimitDifference {
  readonly account: string;
  readonly name: string;
  readonly configured: string;
  readonly standing: string;
}

/** The instance of risk that judges says that it lives, and by which limits it does not judge as it was configured to. */
export interface RiskAlive {
  readonly epoch: number;
  readonly instance: string;
  readonly atUs: number;
  readonly limitDifferences: readonly LimitDifference[];
}

/** Ask ingestion for a fresh snapshot of one symbol's book. */
export interface SnapshotRequest {
  readonly symbol: string;
  readonly reason: string;
  /** Other books of its connection are trusted: the cure must not cost them theirs. */
  readonly othersTrusted?: boolean | undefined;
}

/** Tell ingestion that a symbol's numbers are finer than its specification: it reads the listing at once. */
export interface ListingRequest {
  readonly symbol: string;
  /** Decimals that the numbers need. */
  readonly price: number;
  readonly size: number;
}

/** Ask normalisation for a book as it stands. */
export interface KeyframeRequest {
  readonly symbol: string;
  readonly reason: string;
  /** A further part of the keyframe that the first answer named, where it is larger than a message. */
  readonly next?: { readonly of: number; readonly part: number } | undefined;
}

/** These frames led to something: every service writes its spans of them from its ring. */
export interface TraceKeep {
  readonly origin: EventOrigin;
  readonly links: readonly EventOrigin[];
  /** Who should answer; all that hold the frame where it is left out. */
  readonly services?: readonly ServiceName[];
  readonly traceparent: string;
  readonly reason: string;
}
