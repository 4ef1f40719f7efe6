import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Bus } from '@parallax/bus';
import { BusErrorFilter, BusStrategy } from '@parallax/bus/nest';
import type { ServiceLog } from '@parallax/runtime';
import { ParallaxError, type ServiceHealth, type ServiceName } from '@parallax/types';
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
}

/** A service's open control plane. */
export interface Application {
  /** What is under way is still answered. */
  close(): Promise<void>;
}

/** One service as a Nest application on the bus; answers once this resolves. */
export async function openApplication({ name, bus, log, onFailed, health, module }: ApplicationOptions): Promise<Application> {
  const strategy = new BusStrategy(bus, (error, subject) => {
    // What is declined is the asker's matter; what fails is ours.
    if (error instanceof ParallaxError) log.warn('a request was declined', { subject, code: error.code, error: error.message });
    else onFailed(error, subject);
  });
  const root = HostModule.with(name, strategy, new HostParts(health), module);
  const app = await NestFactory.createMicroservice(root, { strategy, logger: nestLog(log) });
  app.useGlobalFilters(new BusErrorFilter());
  await app.listen();
  return { close: () => app.close() };
}
