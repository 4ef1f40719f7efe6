import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplication, INestMicroservice } from '@nestjs/common';
import { BusErrorFilter } from './bus-error-filter.js';
import { BusStrategy } from './bus-strategy.js';

/** Inject the bus with `@Inject(BUS)`. */
export const BUS = Symbol('PARALLAX_BUS');

/**
 * Makes a bus, and the strategy that hears it, injectable everywhere in an application. Who opened the bus drains it,
 * after the application has closed.
 */
@Module({})
export class BusModule {
  static of(strategy: BusStrategy): DynamicModule {
    const providers = [{ provide: BUS, useValue: strategy.unwrap() }, { provide: BusStrategy, useValue: strategy }];
    return { module: BusModule, global: true, providers, exports: providers };
  }
}

/** Connects the patterns of an application that also serves HTTP; follow it by `await app.startAllMicroservices()`. */
export function joinBus(app: INestApplication, strategy: BusStrategy): INestMicroservice {
  // Deferred: a filter that comes after the handlers were registered would be passed over.
  const joined = app.connectMicroservice<{ strategy: BusStrategy }>({ strategy }, { deferInitialization: true });
  joined.useGlobalFilters(new BusErrorFilter());
  return joined;
}
