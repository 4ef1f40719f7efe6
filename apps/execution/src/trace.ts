import { failedOf, type ServiceContext, type ServiceWatch } from '@parallax/runtime';
import type { Approved, Fill, Order, PlanResult } from '@parallax/types';
import { FINAL_ORDER_STATES } from '@parallax/types';

/** Plans under way are few; what never ends must not fill memory. */
const PLANS = 10_000;

interface PlanUnderWay {
  readonly approved: Approved;
  readonly startUs: number;
}

/**
 * Execution's spans: one for each plan under the verdict's, one for each order under its plan's, one for each fill under
 * its order's. Their ids follow from the trace and from what they are of, so that a rebuilt core goes on with the same.
 * A trace that fails is told and costs no order or fill anything.
 */
export class ExecutionTrace {
  private readonly plans = new Map<string, PlanUnderWay>();

  private readonly failed: ServiceWatch['failed'];

  constructor(private readonly context: Pick<ServiceContext, 'tracing' | 'clock' | 'log' | 'watch'>) {
    this.failed = failedOf(context);
  }

  /** A plan was taken up; told again it keeps its first time. */
  onApproved(approved: Approved, startUs: number): void {
    if (!this.context.tracing || this.plans.has(approved.id)) return;
    this.plans.set(approved.id, { approved, startUs });
    if (this.plans.size <= PLANS) return;
    for (const oldest of this.plans.keys()) {
      this.plans.delete(oldest);
      break;
    }
  }

  /** The order as others see it, with the context of its own span. */
  ofOrder(order: Order): Order {
    return this.guarded(() => {
      const traceparent = this.context.tracing?.contextOfStep(order.traceparent, 'order', order.id);
      return traceparent === undefined ? order : { ...order, traceparent };
    }, order);
  }

  ofFill(fill: Fill): Fill {
    return this.guarded(() => {
      const traceparent = this.context.tracing?.contextOfStep(fill.traceparent, 'fill', fill.id);
      return traceparent === undefined ? fill : { ...fill, traceparent };
    }, fill);
  }

  /** Writes the order's span once it is at its end and stored. */
  onOrderStored(order: Order): void {
    this.guarded(() => this.writeOrder(order), undefined);
  }

  private writeOrder(order: Order): void {
    const { tracing } = this.context;
    const within = tracing?.contextOfStep(order.traceparent, 'plan', order.approvalId);
    if (within === undefined || !FINAL_ORDER_STATES.includes(order.state)) return;
    const { id, venue, symbol, side, purpose, leg, price, size, filledSize, averagePrice, state, reason } = order;
    tracing?.step({
      within, step: 'order', key: id, startUs: order.createdAtUs, endUs: order.updatedAtUs,
      attributes: {
        'parallax.venue': venue, 'parallax.symbol': symbol, 'parallax.side': side, 'parallax.purpose': purpose, 'parallax.leg': leg,
        'parallax.price': price, 'parallax.size': size, 'parallax.filled': filledSize, 'parallax.state': state,
        ...(averagePrice === null ? {} : { 'parallax.average_price': averagePrice }),
      },
      ...(state === 'rejected' ? { error: reason ?? state } : {}),
    });
  }

  /** Writes the fill's span, from the venue's word until it was stored; `seenAtUs` is this service's clock. */
  onFillStored(fill: Fill, seenAtUs: number): void {
    this.guarded(() => this.writeFill(fill, seenAtUs), undefined);
  }

  private writeFill(fill: Fill, seenAtUs: number): void {
    const { tracing, clock } = this.context;
    const within = tracing?.contextOfStep(fill.traceparent, 'order', fill.orderId);
    if (within === undefined) return;
    const { id, venue, symbol, side, price, size, fee, feeCurrency, liquidity, atUs } = fill;
    tracing?.step({
      within, step: 'fill', key: id, startUs: seenAtUs, endUs: clock.nowUs(),
      attributes: {
        'parallax.venue': venue, 'parallax.symbol': symbol, 'parallax.side': side, 'parallax.price': price, 'parallax.size': size,
        'parallax.fee': `${fee} ${feeCurrency}`, 'parallax.liquidity': liquidity, 'parallax.venue_at_us': atUs,
      },
    });
  }

  /** Writes the plan's span. */
  onFinished(result: PlanResult): void {
    this.guarded(() => this.writePlan(result), undefined);
  }

  private writePlan({ approvalId, outcome, total, currency, finishedAtUs }: PlanResult): void {
    const plan = this.plans.get(approvalId);
    this.plans.delete(approvalId);
    if (plan === undefined) return;
    const { approved, startUs } = plan;
    const within = approved.traceparent ?? approved.intent.traceparent;
    if (within === undefined) return;
    this.context.tracing?.step({
      within, step: 'plan', key: approvalId, startUs, endUs: finishedAtUs,
      attributes: {
        'parallax.outcome': outcome, 'parallax.total': `${total} ${currency}`,
        'parallax.account': approved.intent.account, 'parallax.strategy': approved.intent.strategy,
      },
    });
  }

  private guarded<Value>(trace: () => Value, otherwise: Value): Value {
    try {
      return trace();
    } catch (error) {
      this.failed(error, 'a trace');
      return otherwise;
    }
  }
}
