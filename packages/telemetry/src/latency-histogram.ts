import type { LatencySummary } from '@parallax/types';

const SUB_BUCKET_BITS = 6;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
const HALF = SUB_BUCKETS >> 1;
const HIGHEST_POWER = 40;
/** Up to here a value is a machine integer; above, it is halved so often before it is looked at, which loses nothing that a bucket tells. */
const LARGEST_INTEGER = 2 ** 31 - 1;
const HALVINGS = HIGHEST_POWER - 31;
const HALVED = 2 ** HALVINGS;
const BUCKETS = SUB_BUCKETS + (HIGHEST_POWER - SUB_BUCKET_BITS) * HALF;

/** Values at and above this (about 12 days in microseconds) are counted as this. */
export const HISTOGRAM_LIMIT = 2 ** HIGHEST_POWER - 1;

/**
 * Counts non-negative values in buckets whose width grows with the value, after the principle of HdrHistogram (Gil Tene):
 * exact below 64, at most 1/32 (3.1 %) too high above. The unit is the caller's and stands in the metric's name. Recording
 * allocates nothing. What is negative or no number is no value: it is counted apart, as unknown.
 */
export class LatencyHistogram {
  /** How many values were not known. */
  unknown = 0;
  private readonly counts = new Float64Array(BUCKETS);
  private total = 0;
  private sumOfValues = 0;
  private largest = 0;

  get count(): number {
    return this.total;
  }
  get sum(): number {
    return this.sumOfValues;
  }
  /** 0 when empty. */
  get maximum(): number {
    return this.largest;
  }

  record(value: number): void {
    if (!(value >= 0)) {
      this.unknown++;
      return;
    }
    const whole = Math.min(Math.floor(value), HISTOGRAM_LIMIT);
    this.counts[bucketOf(whole)]++;
    this.total++;
    this.sumOfValues += whole;
    if (whole > this.largest) this.largest = whole;
  }

  /** The value that the given share (0 to 1) of all values does not exceed, to the bucket's upper end; null when empty. */
  percentile(share: number): number | null {
    const wanted = Math.max(1, Math.ceil(share * this.total));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[bucket];
      if (seen >= wanted) return Math.min(upperEndOf(bucket), this.largest);
    }
    return null;
  }

  /** As health reports want it; null when empty. */
  summary(): LatencySummary | null {
    const [p50, p99] = [this.percentile(0.5), this.percentile(0.99)];
    return p50 === null || p99 === null ? null : { p50, p99, count: this.total };
  }

  /**
   * For each limit, which ascend, how many values are at most as high; those of the bucket in which a limit lies count as higher.
   */
  countsUpTo(limits: readonly number[]): number[] {
    let [bucket, seen] = [0, 0];
    return limits.map((limit) => {
      for (; bucket < BUCKETS && upperEndOf(bucket) <= limit; bucket++) seen += this.counts[bucket];
      return seen;
    });
  }

  add(other: LatencyHistogram): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.counts[bucket] += other.counts[bucket];
    this.total += other.total;
    this.unknown += other.unknown;
    this.sumOfValues += other.sumOfValues;
    this.largest = Math.max(this.largest, other.largest);
  }

  reset(): void {
    this.counts.fill(0);
    this.total = 0;
    this.unknown = 0;
    this.sumOfValues = 0;
    this.largest = 0;
  }
}

/** Below 64 the value itself; above, 32 buckets for each power of two. */
function bucketOf(whole: number): number {
  if (whole < SUB_BUCKETS) return whole;
  // Nearly every value: whole machine integers.
  if (whole <= LARGEST_INTEGER) return bucketOfInteger(whole, 0);
  return bucketOfInteger(Math.floor(whole / HALVED), HALVINGS);
}

/** Of `value` halved so many times. */
function bucketOfInteger(value: number, halvings: number): number {
  const doublings = 31 - Math.clz32(value) - SUB_BUCKET_BITS + 1;
  return (value >>> doublings) + (doublings + halvings) * HALF;
}

function upperEndOf(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const doublings = Math.floor((bucket - SUB_BUCKETS) / HALF) + 1;
  return (bucket - doublings * HALF + 1) * 2 ** doublings - 1;
}
