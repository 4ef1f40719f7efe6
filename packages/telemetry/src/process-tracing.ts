import type { Clock, Counters, ServiceName } from '@parallax/types';
import { Outage, type OutageLog } from './outage.js';
import { ServiceTracing } from './service-tracing.js';
import { SpanFiles } from './span-files.js';

export interface ProcessTracingOptions {
  readonly instance: string;
  /** OTLP/HTTP collector; absent: nothing is sent. */
  readonly endpoint?: string | undefined;
  /** Directory of the local store; absent or null: nothing is stored. */
  readonly directory?: string | null | undefined;
  /** Where it is told that spans are lost, and that they are not any more; left out: nowhere. */
  readonly told?: { readonly log: OutageLog; readonly clock: Clock };
}

/** The traces of all services of one process: each under its own name, all to one collector and one local store. */
export class ProcessTracing {
  private readonly files: SpanFiles | undefined;
  private readonly services: ServiceTracing[] = [];
  private readonly outage: Outage | undefined;

  constructor(private readonly options: ProcessTracingOptions) {
    const { directory, endpoint, instance, told } = options;
    const outageOf = (what: string, place: string): Outage | undefined => told && new Outage(what, place, told.log, told.clock);
    if (directory !== undefined && directory !== null) {
      this.files = new SpanFiles({ directory, instance, outage: outageOf('the store of spans', directory) });
    }
    this.outage = endpoint === undefined ? undefined : outageOf('the collector of spans', endpoint);
  }

  /** `tellsForAll` true: this service's health counts the spans of the whole process that are lost; one alone does, or each loss is told many times. */
  of(service: ServiceName, tellsForAll = false): ServiceTracing {
    const { instance, endpoint } = this.options;
    const tracing = new ServiceTracing({
      service, instance, outage: this.outage,
      ...(tellsForAll ? { counted: () => this.counters } : {}),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(this.files === undefined ? {} : { store: this.files }),
    });
    this.services.push(tracing);
    return tracing;
  }

  /** Spans that the collector did not take, and those that could not be kept. */
  private get counters(): Counters {
    return { spansNotSent: this.services.reduce((sum, { writer }) => sum + writer.failed, 0), spansNotStored: this.files?.dropped ?? 0 };
  }

  /** Sends and stores what waits. */
  async close(): Promise<void> {
    await Promise.all(this.services.map((service) => service.close()));
    await this.files?.flush();
  }
}
