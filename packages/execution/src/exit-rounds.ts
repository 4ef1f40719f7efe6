import { contractOf, costAgainst, costWithFee, Money, rounded, signOf, sizeOnStep, ZERO } from '@parallax/money';
import { ageUs, rateOf, type InstrumentSpecification, type InstrumentTable, type PlanExit, type PlanOutcome, type Row } from '@parallax/types';
import { exitOrderOf, touchOf } from './exit-order.js';
import type { Ledger } from './ledger.js';
import type { Permission } from './permission.js';
import type { Imbalance, PlanRun } from './plan-run.js';
import type { ExecutionOptions } from './ports.js';
import type { QuoteMemory } from './quote-memory.js';

/** What is to be done for a plan whose orders are all at their end. */
export type PlanStep =
  | { readonly kind: 'order'; readonly exit: PlanExit; readonly attempt: number; readonly price: string; readonly size: string }
  /** Until the plan's `nextRoundAtUs`. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'end'; readonly outcome: PlanOutcome };

/** The pause between rounds doubles so often at most. */
const LONGEST_PAUSE = 3;
const WAIT: PlanStep = { kind: 'wait' };

/**
 * Puts right what is uneven in a plan. Its exits are tried in their order; when all were passed over or expired, the plan
 * waits and tries them again from the first, each as soon as a fresh quote lets it. It gives up, and what stands alone is
 * held, when it has searched for too long or what stands alone has lost too much. What no order can be small enough for is
 * dust, and even.
 */
export class ExitRounds {
  constructor(
    private readonly options: ExecutionOptions,
    private readonly instruments: InstrumentTable,
    private readonly quotes: QuoteMemory,
    private readonly ledger: Ledger,
    private readonly permission: Permission,
  ) {}

  next(run: PlanRun, nowUs: number): PlanStep {
    const uneven = run.imbalance();
    if (!uneven) return endLevel(run);
    const overfilled = run.orders.find((record) => record.overfilled);
    if (overfilled) return giveUp(run, uneven, `${overfilled.order.venue} filled more of the order ${overfilled.order.id} than its size`);
    if (nowUs < run.nextRoundAtUs) return WAIT;
    if (run.nextRoundAtUs > 0) run.beginRound();
    const order = this.nextOrder(run, uneven, nowUs);
    if (order) return order;
    if (this.isDust(run, uneven, nowUs)) {
      run.dust = true;
      return endLevel(run);
    }
    const reason = this.reasonToGiveUp(run, uneven, nowUs);
    if (reason !== null) return giveUp(run, uneven, reason);
    run.nextRoundAtUs = this.nextRoundAtUs(run, nowUs);
    run.searching = true;
    return WAIT;
  }

  /**
   * Why an exit may not go, or null. Under halt, or when risk is silent, it may only shrink what lies where it trades: what the
   * plan itself filled there, whatever else lies there, or what the account holds.
   */
  refusalOf(run: PlanRun, { venue, symbol, side }: PlanExit, size: string, nowUs: number): string | null {
    const { account } = run.approved.intent;
    const refusal = this.permission.refusalFor(account, nowUs);
    if (refusal === null) return null;
    const takesBack = -signOf(side);
    const [own, held] = [run.movedAt(venue, symbol), this.ledger.exposure(account, venue, symbol)];
    const reduces = Money.max(own.times(takesBack), held.times(takesBack)).greaterThanOrEqualTo(size);
    return reduces ? null : `${refusal}, and it would not reduce what is held`;
  }

  /** The order of the next exit of this round that may go now; null at the end of the list. */
  private nextOrder(run: PlanRun, { lacking, part }: Imbalance, nowUs: number): PlanStep | null {
    for (let taken = run.takeExit(lacking.leg); taken; taken = run.takeExit(lacking.leg)) {
      const { exit, place } = taken;
      if (exit.kind === 'hold') continue;
      const specification = this.specificationOf(exit);
      const feeRate = specification && rateOf(this.options.takerFees[exit.venue], specification);
      const reference = run.exitReference(exit);
      const before = run.ordersOf(place);
      const spent = specification && feeRate !== undefined ? spentBy(before, specification, reference, new Money(feeRate)) : ZERO;
      // It is tried once where the market is not known; again only where a quote from after the last try says that it would fill.
      const last = before.findLast(({ abandoned }) => !abandoned);
      const quote = this.quoteOf(exit, nowUs, last?.order.updatedAtUs);
      const order = exitOrderOf({
        exit, specification, feeRate, reference, part, spent, quote, currency: run.plan.currency, blind: last === undefined,
      });
      const refusal = order.kind === 'impossible' ? order.reason : this.refusalOf(run, exit, order.size, nowUs);
      if (order.kind === 'order' && refusal === null) {
        run.passedOver.delete(place);
        const { price, size } = order;
        return { kind: 'order', exit, attempt: place + before.length * run.plan.exits.length, price, size };
      }
      run.passedOver.set(place, refusal ?? '');
      if (order.kind === 'impossible' && order.lasting) run.hopeless.add(place);
    }
    return null;
  }

  /** Whether every order that could even the rest is too small for its venue: the exits', and one more for either leg. */
  private isDust(run: PlanRun, { lacking, part }: Imbalance, nowUs: number): boolean {
    return [...run.plan.legs, ...waysOut(run, lacking.leg)].every((target) => {
      const specification = this.specificationOf(target);
      if (!specification) return false;
      const size = rounded(part.times(target.size));
      if (sizeOnStep(specification, size).isZero()) return true;
      // The side on which the rest is worth the most; where no price is known, nobody can say.
      const price = touchOf(this.quoteOf(target, nowUs), specification.inverse ? 'sell' : 'buy', specification);
      return price !== null && !contractOf(specification).isWorthPlacing(price, size);
    });
  }

  private nextRoundAtUs(run: PlanRun, nowUs: number): number {
    const { exitRetryUs, exitPatienceUs } = this.options;
    // Where tries found nobody, quotes promise what the venues do not hold: they are asked less often.
    const inVain = [...run.exits.values()].filter(({ abandoned, fills }) => !abandoned && fills.size === 0).length;
    const pauseUs = exitRetryUs * 2 ** Math.min(inVain, LONGEST_PAUSE);
    return nowUs + Math.max(exitRetryUs, Math.min(pauseUs, run.searchedSinceUs + exitPatienceUs - nowUs));
  }

  private reasonToGiveUp(run: PlanRun, uneven: Imbalance, nowUs: number): string | null {
    const { lacking } = uneven;
    if (waysOut(run, lacking.leg).every((exit) => run.hopeless.has(run.plan.exits.indexOf(exit)))) return 'no way out is left that another price could open';
    const { exitPatienceUs } = this.options;
    // A start that lies in the future is none: how long has passed is not known.
    const searchedUs = ageUs(run.searchedSinceUs, nowUs);
    if (searchedUs === null || searchedUs >= exitPatienceUs) return `no way out was found within ${exitPatienceUs / 1e6} s`;
    return this.lossBeyondLimit(run, uneven, nowUs);
  }

  /** Marks what stands alone at the market, where that is known, and holds it against what the exits may cost. */
  private lossBeyondLimit(run: PlanRun, { lacking, leading, part }: Imbalance, nowUs: number): string | null {
    const { order } = leading;
    const specification = this.specificationOf(order);
    const side = order.side === 'buy' ? 'sell' : 'buy';
    const touch = specification ? touchOf(this.quoteOf(order, nowUs), side, specification) : null;
    if (!specification || !touch) return null;
    const loss = costAgainst(contractOf(specification), side, run.paidFor(run.legs.indexOf(leading)), touch, part.times(order.size));
    const most = Money.max(...waysOut(run, lacking.leg).map(({ costLimit }) => costLimit));
    const limit = most.times(this.options.exitLossLimit);
    if (loss.lessThanOrEqualTo(limit)) return null;
    const [lost, allowed] = [loss, limit].map((amount) => `${amount.toDecimalPlaces(8).toFixed()} ${specification.quote}`);
    return `at the market's ${touch.toFixed()} what stands alone has lost ${lost}, more than the ${allowed} that it may`;
  }

  private specificationOf({ venue, symbol }: { venue: string; symbol: string }): InstrumentSpecification | undefined {
    const number = this.instruments.find(venue, symbol);
    return number < 0 ? undefined : this.instruments.get(number);
  }

  private quoteOf({ venue, symbol }: { venue: string; symbol: string }, nowUs: number, sinceUs?: number): Row | undefined {
    const number = this.instruments.find(venue, symbol);
    return number < 0 ? undefined : this.quotes.fresh(number, nowUs, sinceUs);
  }
}

/** The exits for the failure of a leg that trade. */
const waysOut = ({ plan }: PlanRun, leg: number): PlanExit[] => plan.exits.filter(({ kind, forLeg }) => kind !== 'hold' && forLeg === leg);

/** What the orders of an exit cost so far, fees included. */
function spentBy(orders: PlanRun['orders'], specification: InstrumentSpecification, reference: Money, feeRate: Money): Money {
  let spent = ZERO;
  for (const { fills } of orders) {
    for (const { side, price, size } of fills.values()) {
      spent = spent.plus(costWithFee(contractOf(specification), side, reference, new Money(price), new Money(size), feeRate));
    }
  }
  return spent;
}

function endLevel(run: PlanRun): PlanStep {
  const exited = [...run.exits.values()].some(({ fills }) => fills.size > 0);
  return { kind: 'end', outcome: exited ? 'exited' : run.fillCount > 0 ? 'completed' : 'nothing-filled' };
}

/** To hold is the last resort of a list that names it; without it the exits are just exhausted. */
function giveUp(run: PlanRun, { lacking }: Imbalance, reason: string): PlanStep {
  run.reason = reason;
  const holds = run.plan.exits.some(({ kind, forLeg }) => kind === 'hold' && forLeg === lacking.leg);
  return { kind: 'end', outcome: holds ? 'held' : 'exits-exhausted' };
}
