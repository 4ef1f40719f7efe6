import { exceeds, type Money, ONE, quotient } from '@parallax/money';

/** A share of a plan's size, kept as a quotient: a third of three lots is one lot, and not the step below it. */
export interface Share {
  readonly part: Money;
  readonly whole: Money;
}

export const WHOLE: Share = { part: ONE, whole: ONE };

/** The smaller of two shares; the first where they are the same. */
export const smallerShare = (first: Share, second: Share): Share =>
  exceeds(first.part.times(second.whole), second.part.times(first.whole)) ? second : first;

export const shareOf = (amount: Money, { part, whole }: Share): Money => quotient(amount.times(part), whole);
