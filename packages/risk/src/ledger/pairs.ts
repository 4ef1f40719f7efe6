import { instrumentKey, type Plan } from '@parallax/types';

/** The instruments of a plan's legs in one text, whatever their order. */
export function pairOf(plan: Plan): string {
  const keys = plan.legs.map((leg) => instrumentKey(leg.venue, leg.symbol));
  return (keys.length > 2 || keys[0] > keys[1] ? keys.toSorted() : keys).join(' ');
}

/** When each pair of instruments last saw a refusal, a loss or a failed leg. The newest time stands. */
export class Pairs {
  private readonly troubles = new Map<string, number>();

  trouble(plan: Plan, atUs: number): void {
    const pair = pairOf(plan);
    if (atUs > (this.troubles.get(pair) ?? -Infinity)) this.troubles.set(pair, atUs);
  }

  lastTrouble(plan: Plan): number {
    return this.troubles.get(pairOf(plan)) ?? -Infinity;
  }

  forget(untilUs: number): void {
    for (const [pair, atUs] of this.troubles) if (atUs <= untilUs) this.troubles.delete(pair);
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries([...this.troubles].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  restore(troubles: Readonly<Record<string, number>>): void {
    for (const [pair, atUs] of Object.entries(troubles)) this.troubles.set(pair, atUs);
  }
}
