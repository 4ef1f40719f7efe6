import type { Bus } from '@parallax/bus';
import type { ServiceLog } from '@parallax/runtime';
import type { AuditEntry, Fill, PlanResult, Timers } from '@parallax/types';
import { auditEntrySchema, decodeJson, fillSchema, patterns, planResultSchema, STREAMS, subjects } from '@parallax/wire';
import type { z } from 'zod';
import type { MonitoringCore } from './core/monitoring-core.js';
import { PastReader, type PastStream } from './past-reader.js';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** As many live messages wait for the past; well below the number of fills that the core knows again when they come twice. */
export const MOST_WAITING = 10_000;

/** Brings fills, results and people's word to the core: first those of the past, in the order of time, then what came meanwhile, then live. */
export class PlanFeed {
  /** What of the past is not known yet, in a sentence; null once it is. */
  missing: string | null = 'past fills and results are not read yet';
  private waiting: (() => void)[] = [];
  /** Too many waited, so some were let go: they are stored, and read from there. */
  private letGo = false;
  private past: PastReader | null;
  private stopped = false;
  private cancelRetry = (): void => {};

  constructor(
    private readonly core: MonitoringCore,
    bus: Bus,
    private readonly timers: Timers,
    private readonly log: ServiceLog,
  ) {
    // Of one time: a plan's end follows its last fill, and a person's word follows the end that it is about.
    this.past = new PastReader(bus, log, [
      pastOf(STREAMS.fills, patterns.fills, fillSchema, ({ atUs }) => atUs, (fill) => core.onFill(fill)),
      pastOf(STREAMS.results, patterns.results, planResultSchema, ({ finishedAtUs }) => finishedAtUs, (result) => core.onResult(result)),
      pastOf(STREAMS.audit, subjects.audit(), auditEntrySchema, ({ atUs }) => atUs, (entry) => core.onAudit(entry)),
    ]);
  }

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

  private async readPast(): Promise<void> {
    do {
      this.letGo = false;
      await this.past?.read();
    } while (this.letGo && !this.stopped);
    this.past = null;
    this.missing = null;
    for (const tell of this.waiting.splice(0)) tell();
  }

  private inOrder(tell: () => void): void {
    if (this.missing === null) return tell();
    if (this.waiting.length >= MOST_WAITING) {
      this.waiting = [];
      this.letGo = true;
    }
    this.waiting.push(tell);
  }
}

function pastOf<T>(stream: string, subject: string, schema: z.ZodType<T>, timeOf: (value: T) => number, take: (value: T) => void): PastStream {
  return {
    stream, subject,
    read: (bytes) => {
      const value = decodeJson(schema, bytes);
      return { atUs: timeOf(value), take: () => take(value) };
    },
  };
}
