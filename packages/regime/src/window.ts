import { SlidingMaximum } from './extreme.js';

/**
 * A rolling window of mid prices, cut into equal buckets of time aligned to the epoch: the bucket under way and the
 * `buckets - 1` before it. Every question is answered, and every price taken, in amortised constant time; a jump over
 * many buckets costs at most `buckets` steps. Nothing is allocated after construction.
 *
 * A mid stands until the next one comes or the quote is withdrawn: a bucket without a new mid repeats the standing one
 * and is covered; a bucket without a standing mid is a hole, and the return after it spans the hole.
 */
export class MidWindow {
  readonly bucketUs: number;
  private readonly highs: SlidingMaximum;
  private readonly lows: SlidingMaximum;
  private readonly squares: Float64Array;
  private readonly covered: Uint8Array;
  private sumOfSquares = 0;
  private coveredCount = 0;
  private bucket = -1;
  private high = Number.NEGATIVE_INFINITY;
  private low = Number.POSITIVE_INFINITY;
  /** Last mid of the bucket before this one, base of this bucket's return; 0 = none. */
  private closeBefore = 0;
  private lastMid = 0;
  private standing = false;
  private coveredNow = 0;

  constructor(
    horizonUs: number,
    private readonly buckets: number,
  ) {
    this.bucketUs = horizonUs / buckets;
    this.highs = new SlidingMaximum(buckets);
    this.lows = new SlidingMaximum(buckets);
    this.squares = new Float64Array(buckets);
    this.covered = new Uint8Array(buckets);
  }

  /** Takes a mid price (any unit, the same always, above 0). */
  push(mid: number, nowUs: number): void {
    this.advance(nowUs);
    if (mid > this.high) this.high = mid;
    if (mid < this.low) this.low = mid;
    this.lastMid = mid;
    this.standing = true;
    this.coveredNow = 1;
  }

  /** The quote may not be believed any more: nothing stands until the next {@link push}. */
  withdraw(nowUs: number): void {
    this.advance(nowUs);
    this.standing = false;
  }

  /** Moves the window to the bucket of `nowUs`; earlier times change nothing. */
  advance(nowUs: number): void {
    const bucket = Math.floor(nowUs / this.bucketUs);
    if (bucket <= this.bucket) return;
    if (this.bucket < 0) {
      this.bucket = bucket;
      return;
    }
    if (bucket - this.bucket >= this.buckets && !this.standing) return this.restart(bucket);
    // A standing mid over a long silence: only the newest window's worth of buckets can matter.
    if (bucket - this.bucket > 2 * this.buckets) {
      this.close();
      this.bucket = bucket - this.buckets - 1;
      this.open(this.bucket);
    }
    while (this.bucket < bucket) {
      this.close();
      this.open(this.bucket + 1);
    }
  }

  /** Start of the next bucket. */
  get nextBucketUs(): number {
    return (this.bucket + 1) * this.bucketUs;
  }

  get mid(): number {
    return this.lastMid;
  }

  /** Share of the highest mid in the window by which the last one is lower; 0 without data. */
  get fall(): number {
    const highest = Math.max(this.high, this.highs.value);
    return highest > 0 ? Math.max(0, 1 - this.lastMid / highest) : 0;
  }

  /** Share of the lowest mid in the window by which the last one is higher; 0 without data. */
  get rise(): number {
    const lowest = Math.min(this.low, -this.lows.value);
    return lowest < Number.POSITIVE_INFINITY ? Math.max(0, this.lastMid / lowest - 1) : 0;
  }

  /** Realised volatility over the window: √Σ r², r = log return from one bucket's last mid to the next one's. */
  get volatility(): number {
    const r = this.closeBefore > 0 ? Math.log(this.lastMid / this.closeBefore) : 0;
    return Math.sqrt(Math.max(0, this.sumOfSquares) + r * r);
  }

  /** Share of the window's buckets in which a believed mid stood, 0 to 1. */
  get coverage(): number {
    return (this.coveredCount + this.coveredNow) / this.buckets;
  }

  private close(): void {
    const slot = this.bucket % this.buckets;
    const r = this.closeBefore > 0 && this.lastMid > 0 ? Math.log(this.lastMid / this.closeBefore) : 0;
    this.squares[slot] = r * r;
    this.covered[slot] = this.coveredNow;
    this.sumOfSquares += r * r;
    this.coveredCount += this.coveredNow;
    if (this.coveredNow === 1) {
      this.highs.push(this.bucket, this.high);
      this.lows.push(this.bucket, -this.low);
    }
    this.closeBefore = this.lastMid;
  }

  private open(bucket: number): void {
    this.bucket = bucket;
    const slot = bucket % this.buckets;
    // The slot still holds the bucket that leaves the window now.
    this.sumOfSquares -= this.squares[slot];
    this.coveredCount -= this.covered[slot];
    this.squares[slot] = 0;
    this.covered[slot] = 0;
    if (slot === 0) this.sumAgain();
    if (this.coveredCount === 0 && !this.standing) this.forget();
    const oldest = bucket - this.buckets + 1;
    this.highs.dropBefore(oldest);
    this.lows.dropBefore(oldest);
    this.coveredNow = this.standing ? 1 : 0;
    this.high = this.standing ? this.lastMid : Number.NEGATIVE_INFINITY;
    this.low = this.standing ? this.lastMid : Number.POSITIVE_INFINITY;
  }

  /** Once a revolution the sum is made anew, so that rounding does not pile up. */
  private sumAgain(): void {
    let sum = 0;
    for (let i = 0; i < this.buckets; i++) sum += this.squares[i];
    this.sumOfSquares = sum;
  }

  private restart(bucket: number): void {
    this.bucket = bucket;
    this.squares.fill(0);
    this.covered.fill(0);
    this.sumOfSquares = 0;
    this.coveredCount = 0;
    this.coveredNow = 0;
    this.highs.clear();
    this.lows.clear();
    this.high = Number.NEGATIVE_INFINITY;
    this.low = Number.POSITIVE_INFINITY;
    this.forget();
  }

  /** A mid from before the window is no base for a return. */
  private forget(): void {
    this.closeBefore = 0;
    this.lastMid = 0;
  }
}
