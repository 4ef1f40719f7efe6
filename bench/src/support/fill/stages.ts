import type { Bus } from '@parallax/bus';
import type { Clock } from '@parallax/types';
import { decodeJson, patterns, refusedSchema, STREAMS } from '@parallax/wire';
import type { Bodies } from './bodies.js';

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

/** Follows the intents of one run after the other to their fills, as any reader of the bus hears them. */
export class StageBook {
  private all = new Map<string, Stages>();
  private refused: string[] = [];
  private approvalsRead = 0;

  constructor(reader: Bus, private readonly clock: Clock, private readonly bodies: Bodies) {
    reader.subscribe(patterns.orders, ({ bytes }) => {
      const stages = this.all.get(bodies.orderOf(bytes));
      if (stages && stages.orderAtUs === 0) stages.orderAtUs = clock.nowUs();
    });
    reader.subscribe(patterns.fills, ({ bytes }) => {
      const stages = this.all.get(bodies.fillOf(bytes));
      if (!stages) return;
      stages.fills++;
      stages.filledAtUs = clock.nowUs();
    });
    reader.subscribe(patterns.refused, ({ bytes }) => {
      const { refusals } = decodeJson(refusedSchema, bytes);
      this.refused.push(refusals.map(({ code, detail }) => `${code} ${detail}`).join(', '));
    });
  }

  get allFilled(): boolean {
    return [...this.all.values()].every(({ fills }) => fills >= 2);
  }

  /** A run begins: of the one before nothing is followed any more. */
  begin(): void {
    this.all = new Map();
    this.refused = [];
  }

  add(intentId: string): Stages {
    const stages: Stages = {
      startedAtUs: this.clock.nowUs(), opportunityStoredAtUs: 0, intentStoredAtUs: 0, approvedAtUs: 0, orderAtUs: 0, filledAtUs: 0, fills: 0,
    };
    this.all.set(intentId, stages);
    return stages;
  }

  end(): { readonly stages: readonly Stages[]; readonly refused: readonly string[] } {
    return { stages: [...this.all.values()], refused: this.refused };
  }

  /** Approvals are for execution alone while they travel; when all is over its user reads their times from the stream. */
  async readApprovals(execution: Bus): Promise<void> {
    for await (const { bytes, sequence } of execution.streams.read(STREAMS.approved, { fromSequence: this.approvalsRead + 1 })) {
      const { intentId, atUs } = this.bodies.approved(bytes);
      const stages = this.all.get(intentId);
      if (stages) stages.approvedAtUs = atUs;
      this.approvalsRead = sequence;
    }
  }
}
