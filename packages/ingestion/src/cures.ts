import type { Subscription } from './subscription.js';

/** What to do about the channels of one connection of which nothing is heard. */
export interface Cures {
  /** Left and asked for again on the same connection. */
  readonly again: readonly Subscription[];
  /** Symbols that move to another connection, because most of this one lives and would lose by its end. */
  readonly elsewhere: readonly string[];
  /** Better than to ask again: another connection for all of them, since most of this one is silent. */
  readonly replace: boolean;
}

/**
 * Tries by turns: first the channel is asked for again, which costs nobody else; where that did not help, on another
 * connection. Only what owes something is moved: a channel that may be calm is asked for again and no more, unless most of its
 * connection is silent. Each try is counted, so that the next waits longer. A connection that is to
 * take another's place moves nothing: the other still carries it.
 */
export function curesFor(subscriptions: readonly Subscription[], mayMove: boolean, nowUs: number): Cures {
  const missing = subscriptions.filter(({ state, waits, channel }) => (state === 'silent' || state === 'refused') && !waits && channel.isExpected);
  const isMostlySilent = livingShare(subscriptions) < 0.5;
  const due = isMostlySilent ? dueTogether(missing, nowUs) : missing.filter((one) => isDue(one, nowUs));
  for (const { channel } of due) channel.tried(nowUs);
  const turned = due.filter(({ channel }) => channel.attempts % 2 === 0 && !channel.isLastinglyRefused);
  if (isMostlySilent) return { again: due, elsewhere: [], replace: leadingOf(due).some((one) => turned.includes(one)) };
  const moved = mayMove ? turned.filter(({ channel }) => channel.patience.isOwing) : [];
  const elsewhere = [...new Set(moved.map(({ channel }) => channel.instrument.symbol))];
  return { again: due.filter(({ channel }) => !elsewhere.includes(channel.instrument.symbol)), elsewhere, replace: false };
}

const isDue = ({ channel }: Subscription, nowUs: number): boolean => nowUs >= channel.cureAtUs;

/** What is silent on a connection as a whole has one cause: tried one by one, each channel would take a new connection. */
function dueTogether(missing: readonly Subscription[], nowUs: number): readonly Subscription[] {
  if (!leadingOf(missing).some((one) => isDue(one, nowUs))) return [];
  return missing.filter((one) => one.state === 'silent' || isDue(one, nowUs));
}

/** Those that owe something, where any does: what may be calm decides nothing beside them. */
function leadingOf(subscriptions: readonly Subscription[]): readonly Subscription[] {
  const owing = subscriptions.filter(({ channel }) => channel.patience.isOwing);
  return owing.length > 0 ? owing : subscriptions;
}

/** How much lives of what is to be expected. */
function livingShare(subscriptions: readonly Subscription[]): number {
  const counted = leadingOf(subscriptions.filter(({ channel }) => channel.isExpected && !channel.isLastinglyRefused));
  return counted.length === 0 ? 1 : counted.filter(({ state }) => state === 'living').length / counted.length;
}
