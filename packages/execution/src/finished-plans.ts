import type { PlanResult } from '@parallax/types';
import type { PlanRun } from './plan-run.js';

const FORGET_EVERY_US = 60_000_000;

/** What of a result says that its plan is over, and which fills it counts. */
export type PlanEnd = Pick<PlanResult, 'intentId' | 'finishedAtUs' | 'revision' | 'fillCount' | 'outcome'>;

interface Finished {
  readonly revision: number;
  readonly endedAtUs: number;
  /** Fills that the result counts; null in results from before these were told. */
  fillCount: number | null;
  run: PlanRun | null;
}

/**
 * Plans that came to their end, kept while something of them may still come: the approval once more, or a late report of the
 * venue. A fill that their result does not count takes them up again.
 */
export class FinishedPlans {
  /** When {@link forget} is due; `Infinity` while nothing is kept. */
  forgetAtUs = Number.POSITIVE_INFINITY;
  private readonly plans = new Map<string, Finished>();

  constructor(private readonly retentionUs: number) {}

  has(intentId: string): boolean {
    return this.plans.has(intentId);
  }

  /** The newest end of a plan counts. `run` is null where only the result is known yet: see {@link keep}. */
  add({ intentId, finishedAtUs, revision, fillCount, outcome }: PlanEnd, run: PlanRun | null): void {
    const known = this.plans.get(intentId);
    if (known && known.revision >= revision) return;
    // Every other outcome follows from fills: a result that counts none is from before they were counted.
    const counted = fillCount > 0 || outcome === 'nothing-filled' ? fillCount : null;
    this.plans.set(intentId, { revision, endedAtUs: finishedAtUs, fillCount: counted, run });
    this.forgetAtUs = Math.min(this.forgetAtUs, finishedAtUs + this.retentionUs);
  }

  /** Gives a plan whose result was restored its orders. */
  keep(intentId: string, run: PlanRun): void {
    const finished = this.plans.get(intentId);
    if (!finished) return;
    finished.run = run;
    finished.fillCount ??= run.fillCount;
  }

  /** Takes the plan out where its orders have fills that its result does not count; else null. */
  reopen(intentId: string): PlanRun | null {
    const finished = this.plans.get(intentId);
    if (!finished?.run || finished.fillCount === null || finished.run.fillCount <= finished.fillCount) return null;
    this.plans.delete(intentId);
    finished.run.reopen(finished.revision + 1, finished.endedAtUs);
    return finished.run;
  }

  /** What ended by then is not remembered any more. */
  forgottenUntilUs(nowUs: number): number {
    return nowUs - this.retentionUs;
  }

  forget(nowUs: number): void {
    const untilUs = this.forgottenUntilUs(nowUs);
    for (const [intentId, { endedAtUs }] of this.plans) if (endedAtUs <= untilUs) this.plans.delete(intentId);
    this.forgetAtUs = this.plans.size > 0 ? nowUs + FORGET_EVERY_US : Number.POSITIVE_INFINITY;
  }
}
