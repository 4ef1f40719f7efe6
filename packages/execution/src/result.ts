import { contractOf, moneyText, quotient, toldText } from '@parallax/money';
import type { InstrumentSpecification, PlanOutcome, PlanResult, UnevenLeg } from '@parallax/types';
import type { PlanRun } from './plan-run.js';
import { causesOf, type Causes, type StandsAlone } from './profit/causes.js';

/** A plan with a leg that stands alone, whose ways out were all tried or passed over and are tried again. */
export interface SearchingPlan {
  readonly intentId: string;
  readonly account: string;
  /** Microseconds since the epoch. */
  readonly sinceUs: number;
  readonly uneven: UnevenLeg | null;
  /** Why exits were passed over last. */
  readonly passedOver: readonly string[];
}

type Specify = (venue: string, symbol: string) => InstrumentSpecification;

/** What the plan brought, by cause, and what of it stands alone: dust where the plan counts as even all the same. */
export function resultOf(run: PlanRun, outcome: PlanOutcome, specify: Specify, nowUs: number): PlanResult {
  const { plan, approved } = run;
  const { id: intentId, account, strategy } = approved.intent;
  const { spread, slippage, exitCost, fees, held, total, otherFees, alone } = causesOfRun(run, specify);
  const rest = alone && unevenLegOf(alone);
  const filledAtUs = run.orders.flatMap(({ fills }) => [...fills.values()].map(({ atUs }) => atUs));
  return {
    intentId, approvalId: approved.id, account, strategy, revision: run.revision, fillCount: run.fillCount, outcome,
    currency: plan.currency, spread: moneyText(spread), slippage: moneyText(slippage), fees: moneyText(fees),
    otherFees: Object.fromEntries([...otherFees].map(([currency, amount]) => [currency, moneyText(amount)])),
    exitCost: moneyText(exitCost), held: moneyText(held), total: moneyText(total), passedOver: Object.fromEntries(run.passedOver),
    uneven: run.even ? null : rest, dust: run.even ? rest : null, finishedAtUs: nowUs,
    ...(filledAtUs.length > 0 ? { firstFillAtUs: Math.min(...filledAtUs) } : {}),
    ...(run.reason === undefined ? {} : { reason: run.reason }),
  };
}

export function searchingPlanOf(run: PlanRun, specify: Specify): SearchingPlan {
  const { id: intentId, account } = run.approved.intent;
  const { alone } = causesOfRun(run, specify);
  return { intentId, account, sinceUs: run.searchedSinceUs, uneven: alone && unevenLegOf(alone), passedOver: [...run.passedOver.values()] };
}

function causesOfRun({ plan, orders }: PlanRun, specify: Specify): Causes {
  return causesOf(plan, orders.map(({ order, fills }) => ({ leg: order.leg, purpose: order.purpose, fills: fills.values() })), specify);
}

function unevenLegOf({ leg, instrument, base, value }: StandsAlone): UnevenLeg {
  const { venue, symbol, inverse } = instrument;
  const size = contractOf(instrument).sizeOf(inverse ? base.times(leg.price) : base);
  const texts = [size, base, quotient(value, base)].map((amount) => toldText(amount));
  return { venue, symbol, side: leg.side, size: texts[0], baseSize: texts[1], price: texts[2] };
}
