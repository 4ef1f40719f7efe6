export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly maximum: number;
}

/**
 * Percentiles by nearest rank: the smallest value that at least the given share of all values does not exceed. Sorts
 * the given samples in place; NaN for each when there are none.
 */
export function percentilesOf(samples: Float64Array): Percentiles {
  samples.sort();
  const at = (share: number): number => (samples.length === 0 ? Number.NaN : samples[Math.max(0, Math.ceil(share * samples.length) - 1)]);
  return { count: samples.length, p50: at(0.5), p99: at(0.99), p999: at(0.999), maximum: at(1) };
}

/** The middle value of some runs; the mean of the two middle ones when their number is even. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Collects samples without allocating while the measurement runs; beyond its capacity the oldest are overwritten. */
export class Samples {
  private readonly values: Float64Array;
  private written = 0;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
  }

  get count(): number {
    return this.written;
  }

  add(value: number): void {
    this.values[this.written++ % this.values.length] = value;
  }

  percentiles(): Percentiles {
    return percentilesOf(this.values.slice(0, Math.min(this.written, this.values.length)));
  }
}
