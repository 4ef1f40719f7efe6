import type { Approved, PlanResult } from '@parallax/types';
import { FinishedPlans, type PlanEnd } from './finished-plans.js';
import { orderIdOf } from './order-id.js';
import type { OrderKeeper } from './order-keeper.js';
import { PlanRun } from './plan-run.js';

const NEVER = Number.POSITIVE_INFINITY;

/** The plans that execution knows: those under way, and those that came to their end not long ago. */
export class PlanBook {
  private readonly running = new Map<string, PlanRun>();
  private readonly finished: FinishedPlans;

  constructor(
    private readonly orders: OrderKeeper,
    retentionUs: number,
  ) {
    this.finished = new FinishedPlans(retentionUs);
  }

  /** How many are under way. */
  get size(): number {
    return this.running.size;
  }

  /** When {@link forget} is due. */
  get forgetAtUs(): number {
    return this.finished.forgetAtUs;
  }

  /** When that is, or a plan's resting leg or its wait for the next round comes to its end. */
  get wakeAtUs(): number {
    let atUs = this.forgetAtUs;
    for (const { legs, approved, nextRoundAtUs } of this.running.values()) {
      const rests = legs.some((leg) => leg?.order.state === 'open' || leg?.order.state === 'partiallyFilled');
      if (rests && approved.expiresAtUs < atUs) atUs = approved.expiresAtUs;
      if (nextRoundAtUs > 0 && nextRoundAtUs < atUs) atUs = nextRoundAtUs;
    }
    return atUs;
  }

  /** A plan under way. */
  get(intentId: string): PlanRun | undefined {
    return this.running.get(intentId);
  }

  all(): PlanRun[] {
    return [...this.running.values()];
  }

  /** Plans that wait for a way out. */
  waiting(): PlanRun[] {
    return this.all().filter(({ nextRoundAtUs }) => nextRoundAtUs > 0);
  }

  begin(approved: Approved): PlanRun {
    const run = new PlanRun(approved);
    this.running.set(approved.intent.id, run);
    return run;
  }

  isFinished(intentId: string): boolean {
    return this.finished.has(intentId);
  }

  /** Whether the plan's approval can only come again: it would be over, and nobody remembers it. */
  isForgotten({ expiresAtUs }: Approved, nowUs: number): boolean {
    return expiresAtUs <= this.finished.forgottenUntilUs(nowUs);
  }

  end(run: PlanRun, result: PlanResult): void {
    this.running.delete(result.intentId);
    this.finished.add(result, run);
  }

  /** The plan that a fill belongs to: one that is under way, or one that it takes up again, since its result does not count it. */
  ofFill(intentId: string): PlanRun | undefined {
    const running = this.running.get(intentId);
    if (running) return running;
    const run = this.finished.reopen(intentId);
    if (run) this.running.set(intentId, run);
    return run ?? undefined;
  }

  restoreResult(end: PlanEnd): void {
    this.finished.add(end, null);
  }

  /** Approvals without an order are left alone: they were never acknowledged and come again by themselves. */
  restoreApproval(approved: Approved): void {
    const { id } = approved.intent;
    const run = this.restored(approved);
    if (!run.legs.some((leg) => leg !== undefined)) return;
    if (this.finished.has(id)) {
      this.finished.keep(id, run);
      this.ofFill(id);
    } else {
      this.running.set(id, run);
    }
  }

  /** Until when an intent's approval holds. */
  readonly expiryOf = (intentId: string): number => this.running.get(intentId)?.approved.expiresAtUs ?? NEVER;

  /** Lets go of what ended long ago, with its orders; returns until when it did. */
  forget(nowUs: number): number {
    this.finished.forget(nowUs);
    const untilUs = this.finished.forgottenUntilUs(nowUs);
    this.orders.forget(untilUs, (intentId) => this.running.has(intentId) || this.finished.has(intentId));
    return untilUs;
  }

  /** The plan with the orders that it has; an exit was tried as often as there are orders of it without a gap. */
  private restored(approved: Approved): PlanRun {
    const run = new PlanRun(approved);
    const { id } = approved.intent;
    run.plan.legs.forEach((leg, at) => (run.legs[at] = this.orders.get(orderIdOf(id, leg.leg, 'leg', 0))));
    run.plan.exits.forEach((exit, place) => {
      if (exit.kind === 'hold') return;
      for (let attempt = place; ; attempt += run.plan.exits.length) {
        const record = this.orders.get(orderIdOf(id, exit.forLeg, exit.kind, attempt));
        if (!record) return;
        record.attempt = attempt;
        run.exits.set(attempt, record);
      }
    });
    return run;
  }
}
