import type { Bus } from '@parallax/bus';
import type { ServiceLog } from '@parallax/runtime';
import type { AuditEntry, Fill, PlanResult, Timers } from '@parallax/types';
import { auditEntrySchema, decodeJson, fillSchema, patterns, planResultSchema, STREAMS, subjects } from '@parallax/wire';
import type { z } from 'zod';
import type { MonitoringCore } from './core/monitoring-core.js';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/** Brings fills, results and people's word to the core: first those of the past, in the order of time, then what came meanwhile, then live. */
export class PlanFeed {
  /** What of the past is not known yet, in a sentence; null once it is. */
  missing: string | null = 'past fills and results are not read yet';
  private waiting: (() => void)[] = [];
  private results: PlanResult[] | null = null;
  private nextResult = 0;
  private nextFill = 1;
  private stopped = false;
  private cancelRetry = (): void => {};

  constructor(
    private readonly core: MonitoringCore,
    private readonly bus: Bus,
    private readonly timers: Timers,
    private readonly log: ServiceLog,
  ) {}

  onFill(fill: Fill): void {
    this.inOrder(() => this.core.onFill(fill));
  }

  onResult(result: PlanResult): void {
    this.inOrder(() => this.core.onResult(result));
  }

  onAudit(entry: AuditEntry): void {
    this.inOrder(() => this.core.onAudit(entry));
  }

  /** Reads the past, again and again until it could; without it nobody knows what plans left standing before. Resolves after the first try. */
  start(): Promise<void> {
    return this.tryPast(FIRST_RETRY_MS);
  }

  stop(): void {
    this.stopped = true;
    this.cancelRetry();
  }

  private tryPast(againMs: number): Promise<void> {
    return this.readPast().catch((error: Error) => {
      if (this.stopped) return;
      this.missing = `past fills and results cannot be read, so what plans left standing before is not known: ${error.message}`;
      this.log.warn('past fills and results could not be read; it is tried again', { reason: error.message, againMs });
      this.cancelRetry = this.timers.after(againMs, () => void this.tryPast(Math.min(2 * againMs, LONGEST_RETRY_MS)));
    });
  }

  /** Goes on where it failed before. What cannot be read for itself is told and left out: the rest is better than nothing. */
  private async readPast(): Promise<void> {
    const { core } = this;
    if (this.results === null) {
      const results: PlanResult[] = [];
      for await (const { value } of this.read(STREAMS.results, patterns.results, planResultSchema)) results.push(value);
      this.results = results;
    }
    const { results } = this;
    for await (const { value: fill, sequence } of this.read(STREAMS.fills, patterns.fills, fillSchema, this.nextFill)) {
      while (this.nextResult < results.length && results[this.nextResult].finishedAtUs < fill.atUs) core.onResult(results[this.nextResult++]);
      core.onFill(fill);
      this.nextFill = sequence + 1;
    }
    while (this.nextResult < results.length) core.onResult(results[this.nextResult++]);
    // Said twice, a person's word changes nothing.
    for await (const { value } of this.read(STREAMS.audit, subjects.audit(), auditEntrySchema)) core.onAudit(value);
    this.missing = null;
    for (const tell of this.waiting.splice(0)) tell();
  }

  private inOrder(tell: () => void): void {
    if (this.missing === null) tell();
    else this.waiting.push(tell);
  }

  private async *read<T>(stream: string, subject: string, schema: z.ZodType<T>, fromSequence = 1): AsyncGenerator<{ value: T; sequence: number }> {
    for await (const { bytes, sequence } of this.bus.streams.read(stream, { subject, fromSequence })) {
      let value: T;
      try {
        value = decodeJson(schema, bytes);
      } catch (error) {
        this.log.warn('a stored message cannot be read', { stream, sequence, reason: (error as Error).message });
        continue;
      }
      yield { value, sequence };
    }
  }
}
