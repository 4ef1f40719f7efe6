import type { Bus } from '@parallax/bus';
import type { ServiceLog } from '@parallax/runtime';
import type { AuditEntry, Fill, PlanResult } from '@parallax/types';
import { auditEntrySchema, decodeJson, fillSchema, patterns, planResultSchema, STREAMS, subjects } from '@parallax/wire';
import type { z } from 'zod';
import type { MonitoringCore } from './core/monitoring-core.js';

/** Brings fills, results and people's word to the core: first those of the past, in the order of time, then what came meanwhile, then live. */
export class PlanFeed {
  private waiting: (() => void)[] | null = [];

  constructor(private readonly core: MonitoringCore) {}

  onFill(fill: Fill): void {
    this.inOrder(() => this.core.onFill(fill));
  }

  onResult(result: PlanResult): void {
    this.inOrder(() => this.core.onResult(result));
  }

  onAudit(entry: AuditEntry): void {
    this.inOrder(() => this.core.onAudit(entry));
  }

  /** What cannot be read is told and left out: the rest is better than nothing. */
  async readPast(bus: Bus, log: ServiceLog): Promise<void> {
    try {
      const results: PlanResult[] = [];
      for await (const result of read(bus, STREAMS.results, patterns.results, planResultSchema, log)) {
        results.push(result);
      }
      let next = 0;
      for await (const fill of read(bus, STREAMS.fills, patterns.fills, fillSchema, log)) {
        while (next < results.length && results[next].finishedAtUs < fill.atUs) this.core.onResult(results[next++]);
        this.core.onFill(fill);
      }
      for (const result of results.slice(next)) this.core.onResult(result);
      for await (const entry of read(bus, STREAMS.audit, subjects.audit(), auditEntrySchema, log)) this.core.onAudit(entry);
    } catch (error) {
      log.warn('past fills and results could not be read: what plans left standing before is not known', { reason: String(error) });
    }
    for (const tell of this.waiting ?? []) tell();
    this.waiting = null;
  }

  private inOrder(tell: () => void): void {
    if (this.waiting === null) tell();
    else this.waiting.push(tell);
  }
}

async function* read<T>(bus: Bus, stream: string, subject: string, schema: z.ZodType<T>, log: ServiceLog): AsyncGenerator<T> {
  for await (const { bytes, sequence } of bus.streams.read(stream, { subject })) {
    let value: T;
    try {
      value = decodeJson(schema, bytes);
    } catch (error) {
      log.warn('a stored message cannot be read', { stream, sequence, reason: (error as Error).message });
      continue;
    }
    yield value;
  }
}
