import { type Money, quotient, sumOf, toldText, ZERO } from '@parallax/money';
import type { Approved, Refusal, Refused, Verdict } from '@parallax/types';
import { CHECKS } from './checks/table.js';
import { isReservedAtOnce } from './claims.js';
import type { Judgement, Refuse } from './judgement.js';

/** The run-time mark of an approval: its id follows from the intent's id and the writer's epoch. */
export function approvalId(intentId: string, epoch: number): string {
  return `approval-${epoch}-${intentId}`;
}

type Unbranded = { [Key in keyof Approved as Key extends string ? Key : never]: Approved[Key] };

/** Runs every check of the table; returns all reasons to refuse, an empty list for none. */
function refusalsOf(judgement: Judgement): Refusal[] {
  const refusals: Refusal[] = [];
  const text = (amount: Money | string): string => (typeof amount === 'string' ? amount : toldText(amount));
  const refuse: Refuse = (code, detail, measured, allowed) => {
    refusals.push({
      code,
      detail,
      ...(measured === undefined ? {} : { measured: text(measured) }),
      ...(allowed === undefined ? {} : { allowed: text(allowed) }),
    });
  };
  for (const check of CHECKS) check(judgement, refuse);
  return refusals;
}

/**
 * Judges an intent: the only function that makes an approval, and it makes one only where no check refuses. Execution
 * takes nothing else.
 */
export function approve(judgement: Judgement): Verdict {
  const { intent, nowUs: atUs, epoch, allowed, limits } = judgement;
  const refusals = refusalsOf(judgement);
  const trace = intent.traceparent === undefined ? {} : { traceparent: intent.traceparent };
  if (refusals.length > 0) {
    const refused: Refused = { kind: 'refused', intent, refusals, atUs, ...trace };
    return refused;
  }
  const rate = limits.rate(allowed.plan.currency) as Money;
  let reserved = ZERO;
  for (const claim of judgement.claims) {
    if (!isReservedAtOnce(claim)) continue;
    reserved = sumOf(reserved, limits.worth(claim.value, claim.facts.specification.quote) ?? ZERO);
  }
  const approval: Unbranded = {
    kind: 'approved',
    id: approvalId(intent.id, epoch),
    intent,
    plan: allowed.plan,
    reserved: toldText(allowed.plan.currency === limits.limits.currency ? reserved : quotient(reserved, rate)),
    scaledBy: judgement.scaledBy,
    epoch,
    atUs,
    expiresAtUs: intent.expiresAtUs,
    ...trace,
  };
  return approval as Approved;
}

/** Whether an approval that travelled carries the mark: who reads approvals off the bus asks before acting on one. */
export function carriesMark(approval: Approved): boolean {
  return approval.kind === 'approved' && approval.id === approvalId(approval.intent.id, approval.epoch);
}
