import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Bus } from '@parallax/bus';
import { BusErrorFilter, BusStrategy, joinBus } from '@parallax/bus/nest';
import type { ServiceLog } from '@parallax/runtime';
import { listeningRefused, ParallaxError, type ServiceHealth, type ServiceName } from '@parallax/types';
import { HostModule } from './host.module.js';
import { nestLog } from './nest-log.js';
import { HostParts } from './parts.js';

export interface ApplicationOptions {
  readonly name: ServiceName;
  readonly bus: Bus;
  readonly log: ServiceLog;
  /** Told of an answer that failed, by its subject. */
  readonly onFailed: (error: unknown, subject: string) => void;
  readonly health: () => ServiceHealth;
  /** The app's own module. */
  readonly module?: DynamicModule | undefined;
  /** Where to answer probes and scrapers; absent: on the bus alone. */
  readonly http?: HttpAddress | undefined;
}

export interface HttpAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** A service's open control plane. */
export interface Application {
  /** `http://127.0.0.1:41234`; empty without HTTP. */
  readonly address: string;
  /** What is under way is still answered. */
  close(): Promise<void>;
}

/** One service as a Nest application on the bus, with or without HTTP; answers once this resolves. */
export async function openApplication({ name, bus, log, onFailed, health, module, http }: ApplicationOptions): Promise<Application> {
  const strategy = new BusStrategy(bus, (error, subject) => {
    // What is declined is the asker's matter; what fails is ours.
    if (error instanceof ParallaxError) log.warn('a request was declined', { subject, code: error.code, error: error.message });
    else onFailed(error, subject);
  });
  const root = HostModule.with(name, strategy, new HostParts(health), http !== undefined, module);
  const logger = nestLog(log);
  if (http === undefined) {
    const app = await NestFactory.createMicroservice(root, { strategy, logger });
    app.useGlobalFilters(new BusErrorFilter());
    await app.listen();
    return { address: '', close: () => app.close() };
  }
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter({ forceCloseConnections: true }), { logger });
  joinBus(app, strategy);
  await app.startAllMicroservices();
  try {
    await app.listen(http.port, http.host);
  } catch (error) {
    await app.close();
    throw listeningRefused(error, http.host, http.port, 'SERVICE_PORT');
  }
  return { address: await app.getUrl(), close: () => app.close() };
}
