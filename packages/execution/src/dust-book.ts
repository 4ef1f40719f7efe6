import type { UnevenLeg } from '@parallax/types';
import { Money, signOf, ZERO } from './money.js';

/** What plans left that no order can be small enough for, summed by account and instrument. */
export interface Dust {
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  /** In the venue's unit, decimal text; bought above 0. */
  readonly size: string;
}

/** Adds up the dust of plans. */
export class DustBook {
  private readonly sums = new Map<string, { account: string; venue: string; symbol: string; size: Money }>();

  /** `sign` -1 takes back what a plan left: another end of it counts now. */
  add(account: string, dust: UnevenLeg | null, sign: 1 | -1 = 1): void {
    if (!dust) return;
    const { venue, symbol, side, size } = dust;
    const key = JSON.stringify([account, venue, symbol]);
    const sum = this.sums.get(key) ?? { account, venue, symbol, size: ZERO };
    this.sums.set(key, { ...sum, size: sum.size.plus(new Money(size).times(signOf(side) * sign)) });
  }

  all(): Dust[] {
    return [...this.sums.values()].filter(({ size }) => !size.isZero()).map(({ size, ...at }) => ({ ...at, size: size.toFixed() }));
  }
}
