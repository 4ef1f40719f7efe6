import type { LatencySummary, StageName } from '@parallax/types';
import { LatencyHistogram } from './latency-histogram.js';

/** What is recent is of the last one to two of these. */
const WINDOW_US = 30_000_000;

/**
 * How long one stage takes a service, in microseconds: since the start, and lately. To be kept by whoever measures, as recording
 * is for every message: it asks nothing, allocates nothing and costs a few nanoseconds.
 */
export class StageLatency {
  private current = new LatencyHistogram();
  private before = new LatencyHistogram();
  private readonly past = new LatencyHistogram();
  private readonly scratch = new LatencyHistogram();
  private turnedAtUs: number | null = null;

  /** From one moment to another. One that is not known (0), or lies after the other since their clocks differ, makes it unknown. */
  record(fromUs: number, toUs: number): void {
    this.current.record(fromUs > 0 ? toUs - fromUs : Number.NaN);
  }

  /** It happened, and how long it took is not known. */
  recordUnknown(): void {
    this.current.record(Number.NaN);
  }

  /** Of the last half to whole minute, where somebody asks at least every half minute; null: nothing was measured. */
  recent(nowUs: number): LatencySummary | null {
    this.turn(nowUs);
    return this.sumOf(this.before, this.current).summary();
  }

  /** Since the start; valid until the next call of anything here. */
  total(): LatencyHistogram {
    return this.sumOf(this.past, this.before, this.current);
  }

  private turn(nowUs: number): void {
    this.turnedAtUs ??= nowUs;
    const windows = Math.floor((nowUs - this.turnedAtUs) / WINDOW_US);
    if (windows <= 0) return;
    this.turnedAtUs = nowUs;
    for (let turns = Math.min(windows, 2); turns > 0; turns--) {
      this.past.add(this.before);
      this.before.reset();
      [this.current, this.before] = [this.before, this.current];
    }
  }

  private sumOf(...parts: readonly LatencyHistogram[]): LatencyHistogram {
    this.scratch.reset();
    for (const part of parts) this.scratch.add(part);
    return this.scratch;
  }
}

/** The stages that one service measures. */
export class StageLatencies {
  private readonly stages = new Map<StageName, StageLatency>();

  /** Call it once for each stage, and keep what it returns. */
  of(stage: StageName): StageLatency {
    let latency = this.stages.get(stage);
    if (latency === undefined) this.stages.set(stage, (latency = new StageLatency()));
    return latency;
  }

  /** As health reports want it: a stage of which nothing was measured lately is left out. */
  recent(nowUs: number): Partial<Record<StageName, LatencySummary>> {
    const measured: Partial<Record<StageName, LatencySummary>> = {};
    for (const [stage, latency] of this.stages) {
      const summary = latency.recent(nowUs);
      if (summary !== null) measured[stage] = summary;
    }
    return measured;
  }

  entries(): Iterable<readonly [StageName, StageLatency]> {
    return this.stages;
  }
}
