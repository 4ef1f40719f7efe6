import type { MissingSymbol } from '@parallax/types';
import type { Subscription, SubscriptionState } from './subscription.js';
import type { ConnectionCore } from './connection-core.js';
import type { WantedChannel } from './wanted-channel.js';

/** Worst first. */
const ORDER: readonly SubscriptionState[] = ['refused', 'silent', 'wanted', 'asked', 'acknowledged', 'living'];

interface Carried {
  readonly channel: WantedChannel;
  /** Of the connection on which it stands best. */
  state: SubscriptionState;
  /** Whether one that carries it hears anything at all. */
  isAmongLiving: boolean;
}

/** The wanted symbols of which nothing is heard, wholly or by some feeds, those among them whose first word may still come. */
export function missingSymbols(connections: readonly ConnectionCore[]): MissingSymbol[] {
  const bySymbol = new Map<string, Carried[]>();
  for (const carried of carriedBy(connections)) {
    if (!isMissing(carried)) continue;
    const { symbol } = carried.channel.instrument;
    const known = bySymbol.get(symbol);
    if (known) known.push(carried);
    else bySymbol.set(symbol, [carried]);
  }
  return [...bySymbol].map(([symbol, missing]) => {
    const channels = missing.map(({ channel }) => channel);
    const sinceUs = channels.map(({ missingSinceUs }) => missingSinceUs).filter((atUs) => atUs > 0);
    return {
      symbol, feeds: channels.map(({ feed }) => feed),
      state: ORDER.find((state) => missing.some((one) => one.state === state)) as Exclude<SubscriptionState, 'living'>,
      sinceUs: sinceUs.length === 0 ? null : Math.min(...sinceUs),
      heardAtUs: Math.max(...channels.map(({ heardAtUs }) => heardAtUs)) || null,
      attempts: Math.max(...channels.map(({ attempts }) => attempts)),
      reason: channels.find(({ refusal }) => refusal !== null)?.refusal?.reason ?? '',
    };
  });
}

function carriedBy(connections: readonly ConnectionCore[]): Iterable<Carried> {
  const found = new Map<WantedChannel, Carried>();
  for (const { channels } of connections) {
    const all: readonly Subscription[] = channels.all;
    const isAmongLiving = all.some(({ state }) => state === 'living');
    for (const { channel, state } of all) {
      const known = found.get(channel);
      if (known === undefined) found.set(channel, { channel, state, isAmongLiving });
      else {
        if (ORDER.indexOf(state) > ORDER.indexOf(known.state)) known.state = state;
        known.isAmongLiving ||= isAmongLiving;
      }
    }
  }
  return found.values();
}

/** What owes nothing may be calm, as long as others of its connection are heard. */
function isMissing({ channel, state, isAmongLiving }: Carried): boolean {
  if (state === 'living' || !channel.isExpected) return false;
  const { isOwing } = channel.patience;
  if (channel.missingSinceUs > 0) return isOwing || channel.refusal !== null || !isAmongLiving;
  return channel.heardAtUs === 0 && isOwing;
}
