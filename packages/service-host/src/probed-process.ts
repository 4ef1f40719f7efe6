import type { ServiceLog } from '@parallax/runtime';
import { joinedExpositions, ServiceMetrics } from '@parallax/telemetry';
import { whyNotReady, type ServiceHealth, type ServiceName } from '@parallax/types';
import type { Face } from './face.js';

/** Answer of /readyz. */
export interface ReadinessAnswer {
  readonly service: string;
  /** Nothing is missing: each service does its work, or stands by and lacks nothing but the lease. */
  readonly ready: boolean;
  /** Whether a service of the process stands by. */
  readonly standsBy: boolean;
  /** Sentences for people; of a process of several services each begins with whose it is. */
  readonly missing: readonly string[];
  /** What is amiss outside of the process, told likewise. */
  readonly degraded: readonly string[];
}

/** What the services of one process say together. What one of them cannot tell keeps the others from nothing. */
export class ProbedProcess {
  private readonly faces = new Map<ServiceName, Face>();
  private readonly own: ServiceMetrics;

  constructor(
    private readonly name: string,
    private readonly services: readonly ServiceName[],
    private readonly log: ServiceLog,
  ) {
    // Memory, processor and event loop are of the process, not of each service in it.
    this.own = new ServiceMetrics(name, { process: true });
  }

  show(face: Face): void {
    this.faces.set(face.name, face);
  }

  async readiness(): Promise<ReadinessAnswer> {
    const told = await Promise.all(this.services.map((service) => this.askedFor(service)));
    const missing = told.flatMap((one, index) => this.named(index, one.missing));
    const degraded = told.flatMap((one, index) => this.named(index, one.degraded ?? []));
    return { service: this.name, ready: missing.length === 0, standsBy: told.some((one) => one.standsBy), missing, degraded };
  }

  async metrics(): Promise<string> {
    const texts = await Promise.all([...this.faces.values()].map((face) => this.metricsOf(face)));
    return joinedExpositions([...texts, await this.own.text()]);
  }

  private named(index: number, sentences: readonly string[]): readonly string[] {
    return this.services.length === 1 ? sentences : sentences.map((sentence) => `${this.services[index]}: ${sentence}`);
  }

  /** Who cannot tell lacks something. */
  private async askedFor(service: ServiceName): Promise<Pick<ServiceHealth, 'missing' | 'degraded' | 'standsBy'>> {
    const face = this.faces.get(service);
    if (face === undefined) return { missing: ['it has not started yet'] };
    try {
      const health = await face.health();
      return health.ready || health.standsBy ? health : { ...health, missing: whyNotReady(health) };
    } catch (error) {
      return { missing: [`it cannot say how it is: ${textOf(error)}`] };
    }
  }

  private async metricsOf(face: Face): Promise<string> {
    try {
      return await face.metrics();
    } catch (error) {
      this.log.error('the metrics of a service could not be read', { of: face.name, error: textOf(error) });
      return '';
    }
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
