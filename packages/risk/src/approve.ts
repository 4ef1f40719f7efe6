import { type Approved, ParallaxError, type Refusal, type Refused, type Verdict } from '@parallax/types';
import { CHECKS } from './checks/table.js';
import type { Judgement, Refuse } from './judgement.js';
import { type Money, moneyText, quotient, ZERO } from './money.js';

/** The run-time mark of an approval: its id follows from the intent's id and the writer's epoch. */
export function approvalId(intentId: string, epoch: number): string {
  return `approval-${epoch}-${intentId}`;
}

type Unbranded = { [Key in keyof Approved as Key extends string ? Key : never]: Approved[Key] };
/** The one place where the brand is put on. Not exported. */
const brand = (approval: Unbranded): Approved => approval as Approved;

/** Runs every check of the table; returns all reasons to refuse, an empty list for none. */
function refusalsOf(judgement: Judgement): Refusal[] {
  const refusals: Refusal[] = [];
  const text = (amount: Money | string): string => (typeof amount === 'string' ? amount : moneyText(amount));
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
    reserved = reserved.plus(limits.worth(claim.value, claim.facts.specification.quote) ?? ZERO);
  }
  return brand({
    kind: 'approved',
    id: approvalId(intent.id, epoch),
    intent,
    plan: allowed.plan,
    reserved: moneyText(allowed.plan.currency === limits.limits.currency ? reserved : quotient(reserved, rate)),
    scaledBy: allowed === judgement.wished ? '1' : moneyText(judgement.factor),
    epoch,
    atUs,
    expiresAtUs: intent.expiresAtUs,
    ...trace,
  });
}

/**
 * Takes back an approval that risk itself stored or sent: from a stream on which risk alone may write.
 * @throws ParallaxError `INPUT_REFUSED` when it does not carry the mark of one.
 */
export function readApproved(value: unknown): Approved {
  const approval = value as Unbranded;
  const marked =
    typeof value === 'object' && value !== null && approval.kind === 'approved' &&
    typeof approval.intent?.id === 'string' && Number.isSafeInteger(approval.epoch) &&
    approval.id === approvalId(approval.intent.id, approval.epoch) &&
    Array.isArray(approval.plan?.legs) && Array.isArray(approval.plan.exits) && Number.isSafeInteger(approval.expiresAtUs);
  if (!marked) throw new ParallaxError('INPUT_REFUSED', 'this is no approval: its id does not follow from its intent and epoch', { place: 'id' });
  return brand(approval);
}
