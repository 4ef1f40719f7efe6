import { exceeds, Money } from '@parallax/money';
import {
  type Approved, type FeeRate, type Fill, type InstrumentTable, type Intent, type Order, type PlanResult, type QuoteCore, type Refused, type RegimeEvent,
  type Row, type Verdict, type WakingCore,
} from '@parallax/types';
import { AccountLedger } from './account-ledger.js';
import { allowedPlan } from './allowed-plan.js';
import { approve } from './approve.js';
import { claimsByInstrument, claimsOf } from './claims.js';
import { ExactLimits } from './exact-limits.js';
import { Halts } from './halts.js';
import { InstrumentCatalogue } from './instrument-facts.js';
import type { ExposureChange, Judgement } from './judgement.js';
import { DEFAULT_LIMITS, type RiskLimits } from './limits.js';
import { openProfit } from './loss.js';
import { viewPlan } from './plan-view.js';
import { QuoteBoard } from './quote-board.js';
import { regimeOfPlan, RegimeBoard } from './regime-board.js';
import { VerdictBook } from './verdict-book.js';

export interface RiskCoreOptions {
  readonly instruments: InstrumentTable;
  readonly limits?: RiskLimits;
  /** Taker rates by venue: more is held for a fee than the limits allow for, where they say so. */
  readonly takerFees?: Readonly<Record<string, FeeRate>>;
  /** How long verdicts and closed plans are remembered; default a day. */
  readonly retentionUs?: number;
}

const DAY_US = 86_400_000_000;
const FORGET_EVERY_US = 60_000_000;

/** Judges intents, reserves what it approves, and follows orders and fills. Pure: `nowUs` is the only time it knows. */
export class RiskCore implements QuoteCore, WakingCore {
  /** Epoch of the lease under which this core writes; stands in every approval. */
  epoch = 0;
  readonly halts = new Halts();
  readonly quotes = new QuoteBoard();
  readonly regimes = new RegimeBoard();
  readonly catalogue: InstrumentCatalogue;
  readonly verdicts = new VerdictBook();
  readonly accounts = new Map<string, AccountLedger>();
  private readonly limits = new Map<string, ExactLimits>();
  private readonly defaultLimits: ExactLimits;
  private readonly retentionUs: number;
  /** What the shell has not been able to read yet, in sentences; while any stands, nothing is approved. */
  private readonly missing = new Set<string>();
  /** Approvals and fills whose instrument is not known yet. */
  private deferred: (() => boolean)[] = [];
  private forgetAtUs = Infinity;

  constructor(options: RiskCoreOptions) {
    this.catalogue = new InstrumentCatalogue(options.instruments, options.takerFees);
    this.defaultLimits = new ExactLimits(options.limits ?? DEFAULT_LIMITS);
    this.retentionUs = options.retentionUs ?? DAY_US;
  }

  onQuote(instrument: number, quote: Row, _nowUs: number): void {
    this.quotes.take(instrument, quote);
  }

  /** A state that was entered, or whose strength moved. It can shrink plans; that it still stands it does not say. */
  onRegime(event: RegimeEvent, nowUs: number): void {
    this.regimes.take(event, nowUs);
  }

  /** What was known to stand at the event's time. Without such a word, young enough, a leg's regime is unknown. */
  onStandingRegime(event: RegimeEvent, nowUs: number): void {
    this.regimes.takeStanding(event, nowUs);
  }

  /** A regime from before the start, where none was heard since. */
  onRememberedRegime(event: RegimeEvent): void {
    this.regimes.remember(event);
  }

  /** Says that something risk needs cannot be read (`known` false) or can be again. */
  setKnown(what: string, known: boolean): void {
    if (known) this.missing.delete(what);
    else this.missing.add(what);
  }

  /** Why nothing is approved, whatever the intent: what risk cannot know now, in sentences. */
  get unknown(): string[] {
    const unknown = [...this.missing];
    if (this.deferred.length > 0) unknown.push('an approval or fill names an instrument that is not known');
    return unknown;
  }

  limitsOf(account: string): RiskLimits {
    return this.exactLimits(account).limits;
  }

  setLimits(account: string, limits: RiskLimits): void {
    this.limits.set(account, new ExactLimits(limits));
  }

  /** What an account owned before its first fill; amount as decimal text. */
  setStartBalance(account: string, venue: string, currency: string, amount: string): void {
    this.ledger(account).balances.start(venue, currency, new Money(amount));
  }

  /**
   * The verdict on an intent. The same id gets the same verdict again and reserves once; the same id with another plan
   * is refused as DUPLICATE, and the first verdict stands.
   */
  judge(intent: Intent, nowUs: number): Verdict {
    this.advance(nowUs);
    const known = this.verdicts.get(intent.id);
    if (known) return this.verdicts.again(known, intent, nowUs);
    const judgement = this.judgement(intent, nowUs);
    const verdict = approve(judgement);
    if (verdict.kind === 'refused') this.onRefused(verdict, nowUs);
    else if (this.remember(verdict, nowUs)) judgement.account.approved(verdict, judgement.claims, nowUs);
    return verdict;
  }

  /** Takes a verdict back that nobody has heard, with what it reserved: another writer's may stand in its stead. */
  retract({ id, account }: Pick<Intent, 'id' | 'account'>, nowUs: number): void {
    this.verdicts.remove(id);
    this.ledger(account).retract(id, nowUs);
  }

  private judgement(intent: Intent, nowUs: number): Judgement {
    const account = this.ledger(intent.account);
    const limits = this.exactLimits(intent.account);
    const wished = viewPlan(intent.plan, this.catalogue);
    const { factor: regimeFactor, regime } = regimeOfPlan(this.regimes, wished.legs, limits, nowUs);
    const { allowed, scaledBy } = allowedPlan(wished, regimeFactor, limits, this.catalogue);
    const claims = claimsOf(allowed);
    const changes = claimsByInstrument(claims).map((sum): ExposureChange => {
      const before = account.exposures.worstValue(sum.facts.key);
      const after = account.exposures.worstValue(sum.facts.key, sum);
      return { claims: sum, before, after, grows: exceeds(after, before) };
    });
    const addsExposure = changes.some(({ grows }) => grows);
    const halts = this.halts.applying(intent.account);
    const { quotes, regimes, epoch } = this;
    const { open, unmarked } = openProfit(account, limits, quotes, nowUs);
    const unknown = [...this.unknown, ...unmarked];
    return {
      intent, nowUs, epoch, wished, allowed, scaledBy, regimeFactor, regime, limits, account, quotes, regimes, claims, changes, addsExposure, open,
      halts, unknown,
    };
  }

  private remember(verdict: Verdict, nowUs: number): boolean {
    if (!this.verdicts.add(verdict)) return false;
    this.forgetSoon(nowUs);
    return true;
  }

  /** What is remembered is looked through once a minute, plans of which no verdict is known too. */
  private forgetSoon(nowUs: number): void {
    this.forgetAtUs = Math.min(this.forgetAtUs, nowUs + FORGET_EVERY_US);
  }

  /** An approval of the stream: it is carried out, and reserved, whatever was judged here meanwhile. */
  onApproved(approval: Approved, nowUs: number): void {
    this.remember(approval, nowUs);
    this.whenKnown(approval.plan.legs, () => {
      const claims = claimsOf(viewPlan(approval.plan, this.catalogue));
      this.ledger(approval.intent.account).approved(approval, claims, nowUs, true);
    });
  }

  onRefused(refused: Refused, nowUs: number): void {
    if (!this.remember(refused, nowUs)) return;
    this.ledger(refused.intent.account).refused(refused);
  }

  onOrder(order: Order, nowUs: number): void {
    this.forgetSoon(nowUs);
    this.ledger(order.account).order(order, nowUs);
  }

  onResult(result: PlanResult, nowUs: number): void {
    this.ledger(result.account).result(result, nowUs);
  }

  onFill(fill: Fill, nowUs: number): void {
    this.forgetSoon(nowUs);
    this.whenKnown([fill], () => {
      const facts = this.catalogue.find(fill.venue, fill.symbol);
      if (facts) this.ledger(fill.account).fill(fill, facts, nowUs);
    });
  }

  get wakeAtUs(): number {
    let wakeAtUs = this.forgetAtUs;
    for (const ledger of this.accounts.values()) wakeAtUs = Math.min(wakeAtUs, ledger.wakeAtUs);
    return wakeAtUs;
  }

  onWake(nowUs: number): void {
    this.advance(nowUs);
    if (nowUs >= this.forgetAtUs) this.forget(nowUs);
  }

  /** Lets go of what time alone ends: reservations past their deadline, losses out of their window. */
  private advance(nowUs: number): void {
    if (this.deferred.length > 0) this.deferred = this.deferred.filter((retry) => !retry());
    for (const ledger of this.accounts.values()) ledger.advance(nowUs);
  }

  /** Lets go of verdicts and closed plans past their retention; looks at all of them. */
  forget(nowUs: number): void {
    const untilUs = nowUs - this.retentionUs;
    for (const ledger of this.accounts.values()) ledger.forget(untilUs);
    this.verdicts.forget(untilUs, (verdict) => this.accounts.get(verdict.intent.account)?.records.has(verdict.intent.id) ?? false);
    const isAnyLeft = this.verdicts.size > 0 || [...this.accounts.values()].some(({ records }) => records.size > 0);
    this.forgetAtUs = isAnyLeft ? nowUs + FORGET_EVERY_US : Infinity;
  }

  ledger(account: string): AccountLedger {
    let ledger = this.accounts.get(account);
    if (!ledger) {
      ledger = new AccountLedger(account, this.catalogue, () => this.exactLimits(account).limits.reservationGraceUs);
      this.accounts.set(account, ledger);
    }
    return ledger;
  }

  exactLimits(account: string): ExactLimits {
    return this.limits.get(account) ?? this.defaultLimits;
  }

  private whenKnown(named: readonly { venue: string; symbol: string }[], act: () => void): void {
    const attempt = (): boolean => {
      if (named.some(({ venue, symbol }) => !this.catalogue.find(venue, symbol))) return false;
      act();
      return true;
    };
    if (!attempt()) this.deferred.push(attempt);
  }
}
