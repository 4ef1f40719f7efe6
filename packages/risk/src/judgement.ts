import type { Money } from '@parallax/money';
import type { Intent, RefusalCode } from '@parallax/types';
import type { AccountLedger } from './account-ledger.js';
import type { Claim } from './claims.js';
import type { ExactLimits } from './exact-limits.js';
import type { Claims } from './ledger/exposure-book.js';
import type { PlanView } from './plan-view.js';
import type { QuoteBoard } from './quote-board.js';
import type { RegimeBoard } from './regime-board.js';

/** Everything that the checks of one intent look at. */
export interface Judgement {
  readonly intent: Intent;
  readonly nowUs: number;
  readonly epoch: number;
  /** The plan as the strategy wished it, and at the size that is allowed; the same object where nothing was scaled. */
  readonly wished: PlanView;
  readonly allowed: PlanView;
  readonly scaledBy: string;
  /** What share of a plan the regime allows, and which regime that is. */
  readonly regimeFactor: Money;
  readonly regime: string;
  readonly limits: ExactLimits;
  readonly account: AccountLedger;
  readonly quotes: QuoteBoard;
  readonly regimes: RegimeBoard;
  readonly claims: readonly Claim[];
  readonly changes: readonly ExposureChange[];
  /** Whether some instrument would stand further from flat than before. */
  readonly addsExposure: boolean;
  /** Profit of what is open now, in the limits' currency. */
  readonly open: Money;
  /** Halts that apply: everywhere first. */
  readonly halts: readonly { readonly scope: string; readonly by: string; readonly reason: string }[];
  /** What risk itself cannot know at this moment, in sentences. */
  readonly unknown: readonly string[];
}

/** The worst value of one instrument before and after the plan, in its quote currency. */
export interface ExposureChange {
  readonly claims: Claims;
  readonly before: Money;
  readonly after: Money;
  readonly grows: boolean;
}

/** Tells one reason to refuse; amounts are exact. */
export type Refuse = (code: RefusalCode, detail: string, measured?: Money | string, allowed?: Money | string) => void;

/** One check: looks, and refuses as often as it finds a reason. It changes nothing. */
export type Check = (judgement: Judgement, refuse: Refuse) => void;
