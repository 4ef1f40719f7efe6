import { Module, type DynamicModule } from '@nestjs/common';
import { BusModule, type BusStrategy } from '@parallax/bus/nest';
import type { ServiceName } from '@parallax/types';
import { controlControllerOf } from './control.controller.js';
import { HostParts } from './parts.js';

/** One hosted service: its health on the bus, and what the app itself answers there. */
@Module({})
export class HostModule {
  static with(name: ServiceName, strategy: BusStrategy, parts: HostParts, own: DynamicModule | undefined): DynamicModule {
    return {
      module: HostModule,
      imports: [BusModule.of(strategy), ...(own === undefined ? [] : [own])],
      controllers: [controlControllerOf(name)],
      providers: [{ provide: HostParts, useValue: parts }],
    };
  }
}
