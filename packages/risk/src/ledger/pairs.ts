import { instrumentKey, type Plan, type PlanLeg } from '@parallax/types';

const keyOf = (leg: PlanLeg): string => instrumentKey(leg.venue, leg.symbol);

/** The instruments of a plan's legs in one text, whatever their order. */
export function pairOf(plan: Plan): string {
  const { legs } = plan;
  if (legs.length !== 2) return legs.map(keyOf).toSorted().join(' ');
  // Nearly every plan has two, and every check asks: no lists for these.
  const first = keyOf(legs[0]);
  const second = keyOf(legs[1]);
  return first > second ? `${second} ${first}` : `${first} ${second}`;
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
