import type { ServiceLog } from '@parallax/runtime';
import { joinedExpositions, ServiceMetrics } from '@parallax/telemetry';
import type { ServiceName } from '@parallax/types';
import type { Face } from './face.js';

/** Answer of /readyz. */
export interface ReadinessAnswer {
  readonly service: string;
  readonly ready: boolean;
  /** Sentences for people; of a process of several services each begins with whose it is. */
  readonly missing: readonly string[];
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
    const missing = (await Promise.all(this.services.map((service) => this.missingOf(service)))).flat();
    return { service: this.name, ready: missing.length === 0, missing };
  }

  async metrics(): Promise<string> {
    const texts = await Promise.all([...this.faces.values()].map((face) => this.metricsOf(face)));
    return joinedExpositions([...texts, await this.own.text()]);
  }

  /** An unready service always has a sentence here. */
  private async missingOf(service: ServiceName): Promise<string[]> {
    const sentences = await this.askedFor(service);
    return this.services.length === 1 ? sentences : sentences.map((sentence) => `${service}: ${sentence}`);
  }

  private async askedFor(service: ServiceName): Promise<string[]> {
    const face = this.faces.get(service);
    if (face === undefined) return ['it has not started yet'];
    try {
      const { ready, missing } = await face.health();
      return ready ? [] : missing.length > 0 ? [...missing] : ['it does not say why'];
    } catch (error) {
      return [`it cannot say how it is: ${textOf(error)}`];
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
