import { latencyOf, type ServiceContext, type StageLatency } from '@parallax/runtime';
import type { Approved, Order, PlaceOutcome } from '@parallax/types';

interface PlanTimes {
  readonly verdictAtUs: number;
  /** 0 where the intent does not tell. */
  readonly receivedAtUs: number;
}

/** How long execution's stages take, in this service's own time; of a plan that was rebuilt nothing is measured. */
export class ExecutionStages {
  private readonly toOrder: StageLatency;
  private readonly toOrderFromFrame: StageLatency;
  private readonly toAnswer: StageLatency;
  private readonly toFill: StageLatency;
  /** Of approvals whose legs are not all stored. */
  private readonly plans = new Map<string, PlanTimes>();

  constructor(private readonly context: Pick<ServiceContext, 'latencies' | 'clock'>) {
    this.toOrder = latencyOf(context, 'verdict-to-order');
    this.toOrderFromFrame = latencyOf(context, 'received-to-order');
    this.toAnswer = latencyOf(context, 'order-to-answer');
    this.toFill = latencyOf(context, 'answer-to-fill');
  }

  onApproved({ id, atUs, intent: { receivedAtUs = 0 } }: Approved): void {
    this.plans.set(id, { verdictAtUs: atUs, receivedAtUs });
  }

  /** Only a leg follows from the verdict at once; exits follow from what came of the legs. */
  onOrderStored({ approvalId, purpose, state }: Order): void {
    if (purpose !== 'leg' || state !== 'created') return;
    const times = this.plans.get(approvalId);
    if (times === undefined) return;
    const nowUs = this.context.clock.nowUs();
    this.toOrder.record(times.verdictAtUs, nowUs);
    this.toOrderFromFrame.record(times.receivedAtUs, nowUs);
  }

  onAnswer({ kind }: PlaceOutcome, sentAtUs: number): void {
    if (kind === 'unknown') this.toAnswer.recordUnknown();
    else this.toAnswer.record(sentAtUs, this.context.clock.nowUs());
  }

  onFillStored(heardAtUs: number): void {
    this.toFill.record(heardAtUs, this.context.clock.nowUs());
  }

  /** All of its legs are stored. */
  onAcknowledged(approvalId: string): void {
    this.plans.delete(approvalId);
  }
}
