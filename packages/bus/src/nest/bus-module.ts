import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
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
