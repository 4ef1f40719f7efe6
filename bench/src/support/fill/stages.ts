import type { Bus } from '@parallax/bus';
import type { Clock } from '@parallax/types';
import { decodeApproved, decodeJson, fillSchema, orderSchema, patterns, refusedSchema, STREAMS } from '@parallax/wire';

/** When each step of one intent was reached, on the clock that all processes share; 0 = not yet. */
export interface Stages {
  readonly startedAtUs: number;
  opportunityStoredAtUs: number;
  intentStoredAtUs: number;
  approvedAtUs: number;
  /** The first order's record was heard, the last fill was heard. */
  orderAtUs: number;
  filledAtUs: number;
  fills: number;
}

/** Follows intents to their fills as any reader of the bus hears them. */
export class StageBook {
  readonly all = new Map<string, Stages>();
  readonly refused: string[] = [];

  constructor(reader: Bus, private readonly clock: Clock) {
    reader.subscribe(patterns.orders, ({ bytes }) => {
      const stages = this.all.get(decodeJson(orderSchema, bytes).intentId);
      if (stages && stages.orderAtUs === 0) stages.orderAtUs = clock.nowUs();
    });
    reader.subscribe(patterns.fills, ({ bytes }) => {
      const stages = this.all.get(decodeJson(fillSchema, bytes).intentId);
      if (!stages) return;
      stages.fills++;
      stages.filledAtUs = clock.nowUs();
    });
    reader.subscribe(patterns.refused, ({ bytes }) => {
      const { refusals } = decodeJson(refusedSchema, bytes);
      this.refused.push(refusals.map(({ code, detail }) => `${code} ${detail}`).join(', '));
    });
  }

  begin(intentId: string): Stages {
    const stages: Stages = {
      startedAtUs: this.clock.nowUs(), opportunityStoredAtUs: 0, intentStoredAtUs: 0, approvedAtUs: 0, orderAtUs: 0, filledAtUs: 0, fills: 0,
    };
    this.all.set(intentId, stages);
    return stages;
  }

  /** Approvals are for execution alone while they travel; when all is over its user reads their times from the stream. */
  async readApprovals(execution: Bus): Promise<void> {
    for await (const { bytes } of execution.streams.read(STREAMS.approved, {})) {
      const { intent, atUs } = decodeApproved(bytes);
      const stages = this.all.get(intent.id);
      if (stages) stages.approvedAtUs = atUs;
    }
  }
}
