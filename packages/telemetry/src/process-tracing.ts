import type { ServiceName } from '@parallax/types';
import { ServiceTracing } from './service-tracing.js';
import { SpanFiles } from './span-files.js';

export interface ProcessTracingOptions {
  readonly instance: string;
  /** OTLP/HTTP collector; absent: nothing is sent. */
  readonly endpoint?: string | undefined;
  /** Directory of the local store; absent or null: nothing is stored. */
  readonly directory?: string | null | undefined;
}

/** The traces of all services of one process: each under its own name, all to one collector and one local store. */
export class ProcessTracing {
  private readonly files: SpanFiles | undefined;
  private readonly services: ServiceTracing[] = [];

  constructor(private readonly options: ProcessTracingOptions) {
    const { directory, instance } = options;
    this.files = directory === undefined || directory === null ? undefined : new SpanFiles({ directory, instance });
  }

  of(service: ServiceName): ServiceTracing {
    const { instance, endpoint } = this.options;
    const tracing = new ServiceTracing({
      service, instance,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(this.files === undefined ? {} : { store: this.files }),
    });
    this.services.push(tracing);
    return tracing;
  }

  /** Sends and stores what waits. */
  async close(): Promise<void> {
    await Promise.all(this.services.map((service) => service.close()));
    await this.files?.flush();
  }
}
