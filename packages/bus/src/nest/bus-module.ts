import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplication, INestMicroservice } from '@nestjs/common';
import type { Bus } from '../bus.js';
import { BusErrorFilter } from './bus-error-filter.js';
import { BusStrategy } from './bus-strategy.js';

/** Inject the bus with `@Inject(BUS)`. */
export const BUS = Symbol('PARALLAX_BUS');

/** Makes one bus injectable everywhere. Who opened the bus drains it, after the application has closed. */
@Module({})
export class BusModule {
  static forBus(bus: Bus): DynamicModule {
    return {
      module: BusModule,
      global: true,
      providers: [{ provide: BUS, useValue: bus }],
      exports: [BUS],
    };
  }
}

/** Connects the application's patterns to a bus; follow it by `await app.startAllMicroservices()`. */
export function joinBus(app: INestApplication, bus: Bus): INestMicroservice {
  // Deferred: a filter that comes after the handlers were registered would be passed over.
  const joined = app.connectMicroservice<{ strategy: BusStrategy }>({ strategy: new BusStrategy(bus) }, { deferInitialization: true });
  joined.useGlobalFilters(new BusErrorFilter());
  return joined;
}
