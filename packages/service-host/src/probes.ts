import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConfiguration, type Environment } from '@parallax/config';
import type { ServiceLog } from '@parallax/runtime';
import { listeningRefused, type ServiceName } from '@parallax/types';
import type { Face } from './face.js';
import { nestLog } from './nest-log.js';
import { problemServer } from './http/problem-server.js';
import { ProbeErrorFilter, probeProblem } from './probe-error-filter.js';
import { ProbeModule } from './probe.module.js';
import { ProbedProcess } from './probed-process.js';

/** A client that sends its request more slowly than this is let go of. */
const REQUEST_LIMIT_MS = 10_000;

export interface ProbesOptions {
  /** What the process is called in its answers. */
  readonly name: string;
  /** Who must be ready for the process to be ready. */
  readonly services: readonly ServiceName[];
  readonly environment: Environment;
  readonly log: ServiceLog;
  /** So long a request may take to come; left out: 10 s. */
  readonly requestLimitMs?: number;
}

/** The one address of a process at which /healthz, /readyz and /metrics are answered, for one service or for many. */
export interface Probes {
  /** `http://127.0.0.1:41234`. */
  readonly address: string;
  /** From now on the service is asked. */
  show(face: Face): void;
  close(): Promise<void>;
}

/**
 * Listens on SERVICE_HOST and SERVICE_PORT. Services are shown as they come: who has not is missing until then.
 * @throws ParallaxError `CONFIG_REFUSED` where nobody can listen there.
 */
export async function openProbes({ name, services, environment, log, requestLimitMs = REQUEST_LIMIT_MS }: ProbesOptions): Promise<Probes> {
  const { SERVICE_HOST: host, SERVICE_PORT: port } = readConfiguration(environment, ['SERVICE_HOST', 'SERVICE_PORT']);
  const probed = new ProbedProcess(name, services, log);
  const server = problemServer({ limitMs: requestLimitMs, problemOf: (thrown) => probeProblem(thrown, log) });
  const logger = nestLog(log);
  const app = await NestFactory.create<NestFastifyApplication>(ProbeModule.of(probed), server, { logger });
  app.useGlobalFilters(new ProbeErrorFilter(log));
  try {
    // Nest writes the bare error of a port that is taken into the log; the sentence that is thrown says it.
    app.useLogger(false);
    await app.listen(port, host);
    app.useLogger(logger);
  } catch (error) {
    await app.close();
    throw listeningRefused(error, host, port, 'SERVICE_PORT');
  }
  return { address: await app.getUrl(), show: (face) => probed.show(face), close: () => app.close() };
}
