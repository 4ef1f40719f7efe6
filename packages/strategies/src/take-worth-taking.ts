import { instrumentKey, type InstrumentTable, type Intent, type Opportunity, type PassedReason, type Row } from '@parallax/types';
import { BusySides } from './busy-sides.js';
import { holdsEdge } from './edge.js';
import { Elsewhere } from './elsewhere.js';
import { DEFAULT_TAKE_OPTIONS, type TakeOptions } from './options.js';
import { planOf } from './plan-of.js';
import type { Strategy, StrategySink } from './strategy.js';

const COUNTER = { 'kind-not-traded': 'otherKind', 'pair-busy': 'waiting', 'pair-resting': 'resting', 'side-busy': 'sideBusy', 'edge-below-minimum': 'belowMinimum' } as const;

interface Live {
  readonly pair: string;
  /** From then on nobody will say anything more of it. */
  readonly forgottenAtUs: number;
}

/**
 * Takes what is worth taking: each opportunity of its kinds becomes one intent, while its receipt holds the minimum edge. One
 * intent lives per pair of instruments, whichever way round it trades; the next waits for its outcome, and after a refusal or a
 * loss the pair rests.
 */
export class TakeWorthTaking implements Strategy {
  readonly name = 'take-worth-taking';
  readonly counters = { intents: 0, refused: 0, finished: 0, silent: 0, otherKind: 0, waiting: 0, resting: 0, sideBusy: 0, belowMinimum: 0 };
  wakeAtUs = Infinity;
  private readonly options: TakeOptions;
  private readonly elsewhere: Elsewhere;
  private readonly live = new Map<string, Live>();
  private readonly busy = new Set<string>();
  private readonly restsUntilUs = new Map<string, number>();
  /** What was said last of each open opportunity that was let pass. */
  private readonly passed = new Map<string, PassedReason>();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly sink: StrategySink,
    options: Partial<TakeOptions> = {},
    /** Shared by all strategies of the account. */
    private readonly sides = new BusySides(instruments),
  ) {
    this.options = { ...DEFAULT_TAKE_OPTIONS, ...options };
    this.elsewhere = new Elsewhere(instruments, this.options.quoteMaximumAgeUs);
  }

  onQuote(instrument: number, quote: Row): void {
    this.elsewhere.note(instrument, quote);
    this.sides.onQuote(instrument, quote);
  }

  onOpportunity(opportunity: Opportunity, nowUs: number): void {
    if (opportunity.state === 'closed') return void this.passed.delete(opportunity.id);
    const pair = opportunity.legs.map(({ venue, symbol }) => instrumentKey(venue, symbol)).sort().join(', ');
    const reason = this.reasonToPass(opportunity, pair, nowUs);
    if (reason !== null) return this.pass(opportunity.id, reason, nowUs);
    this.passed.delete(opportunity.id);
    const intent = this.intentOf(opportunity, nowUs);
    this.busy.add(pair);
    this.sides.take(intent.id, intent.plan.legs);
    this.live.set(intent.id, { pair, forgottenAtUs: intent.expiresAtUs + this.options.silenceUs });
    this.wakeAtUs = Math.min(this.wakeAtUs, intent.expiresAtUs + this.options.silenceUs);
    this.counters.intents++;
    this.sink.onIntent(intent);
  }

  onOutcome(intentId: string, outcome: 'refused' | 'finished', lost: boolean, nowUs: number): void {
    const live = this.live.get(intentId);
    if (!live) return;
    this.counters[outcome]++;
    this.sides.release(intentId, outcome === 'finished', nowUs);
    this.free(intentId, live, nowUs + (lost || outcome === 'refused' ? this.options.restAfterLossUs : this.options.restAfterUs));
  }

  onWake(nowUs: number): void {
    this.wakeAtUs = Infinity;
    for (const [id, live] of this.live) {
      if (live.forgottenAtUs > nowUs) {
        this.wakeAtUs = Math.min(this.wakeAtUs, live.forgottenAtUs);
        continue;
      }
      this.counters.silent++;
      this.sides.release(id, true, nowUs);
      this.free(id, live, nowUs + this.options.restAfterLossUs);
    }
  }

  private reasonToPass({ kind, legs, receipt }: Opportunity, pair: string, nowUs: number): PassedReason | null {
    if (!this.options.kinds.includes(kind)) return 'kind-not-traded';
    if (this.busy.has(pair)) return 'pair-busy';
    if (nowUs < (this.restsUntilUs.get(pair) ?? 0)) return 'pair-resting';
    if (this.sides.areBusy(legs, nowUs)) return 'side-busy';
    return holdsEdge(receipt, this.options.minimumEdgeBps) ? null : 'edge-below-minimum';
  }

  private pass(opportunityId: string, reason: PassedReason, nowUs: number): void {
    this.counters[COUNTER[reason]]++;
    if (this.passed.get(opportunityId) === reason) return;
    this.passed.set(opportunityId, reason);
    this.sink.onPassed({ opportunityId, account: this.options.account, strategy: this.name, reason, atUs: nowUs });
  }

  private free(intentId: string, { pair }: Live, restsUntilUs: number): void {
    this.live.delete(intentId);
    this.busy.delete(pair);
    this.restsUntilUs.set(pair, restsUntilUs);
  }

  /** The id follows from the opportunity and its state, so that the same news twice is the same intent. */
  private intentOf(opportunity: Opportunity, nowUs: number): Intent {
    const { options } = this;
    const used = opportunity.legs.map(({ venue }) => venue);
    const specify = (venue: string, symbol: string) => this.instruments.get(this.instruments.find(venue, symbol));
    const plan = planOf(opportunity, specify, (leg) => {
      const own = specify(leg.venue, leg.symbol);
      return own.kind === 'spot' ? this.elsewhere.best(own.base, own.quote, leg.side, used, nowUs) : null;
    }, options);
    return {
      id: `${opportunity.id}.${opportunity.updates}`,
      account: options.account, strategy: this.name, kind: 'arbitrage', opportunityId: opportunity.id,
      plan, expectedNet: opportunity.receipt.netEdge,
      createdAtUs: nowUs, expiresAtUs: nowUs + options.validityUs,
      receivedAtUs: Math.max(...opportunity.legs.map(({ origin }) => origin.receivedAtUs)),
      ...(opportunity.traceparent === undefined ? {} : { traceparent: opportunity.traceparent }),
    };
  }
}
