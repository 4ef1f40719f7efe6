import type { Random, RefusedOutcome, VenueOrderRequest } from '@parallax/types';
import type { LatencyModel } from '../latency.js';

/** What goes wrong at a venue; shares from 0 to 1, of new orders. */
export interface FaultShares {
  readonly refused: number;
  /** Of immediate orders: nothing of them meets the market, or a part. */
  readonly unfilled: number;
  readonly partial: number;
  /** What each command's way takes longer, and each answer's, in microseconds. */
  readonly latencyUs: readonly [least: number, most: number];
}

/** What venues say of orders that they do not take for the moment. */
const REFUSALS: readonly RefusedOutcome[] = [
  { kind: 'rejected', code: 'SYSTEM_BUSY', detail: 'the venue takes no orders at this moment' },
  { kind: 'rejected', code: 'RATE_LIMITED', detail: 'the account sends too many orders' },
  { kind: 'rejected', code: 'INSUFFICIENT_BALANCE', detail: 'the account cannot cover the order' },
];

/** What becomes of a new order. */
export interface OrderFate {
  readonly refusal: RefusedOutcome | null;
  /** So much of it, from 0 to 1, meets the market. */
  readonly share: number;
}

/**
 * Faults of a paper venue, so that what execution does about refusals, partial fills and slow answers can be seen. They follow
 * from the random numbers that are handed in and the order of the calls: the same seed and the same orders fare alike.
 */
export class VenueFaults {
  readonly counters = { pretendedRefusals: 0, pretendedMisses: 0 };

  constructor(private readonly shares: FaultShares, private readonly random: Random) {}

  fateOf({ timeInForce }: Pick<VenueOrderRequest, 'timeInForce'>): OrderFate {
    const { refused, unfilled, partial } = this.shares;
    const drawn = this.random.next();
    if (drawn < refused) {
      this.counters.pretendedRefusals++;
      return { refusal: REFUSALS[Math.floor(this.random.next() * REFUSALS.length)], share: 0 };
    }
    if (timeInForce !== 'IOC' || drawn >= refused + unfilled + partial) return { refusal: null, share: 1 };
    this.counters.pretendedMisses++;
    return { refusal: null, share: drawn < refused + unfilled ? 0 : this.random.next() };
  }

  /** A latency with what is added to it. */
  slowed(latency: LatencyModel): LatencyModel {
    const [least, most] = this.shares.latencyUs;
    const addedUs = (): number => least + Math.round((most - least) * this.random.next());
    return {
      entryUs: (nowUs) => latency.entryUs(nowUs) + addedUs(),
      responseUs: (nowUs) => latency.responseUs(nowUs) + addedUs(),
    };
  }
}
