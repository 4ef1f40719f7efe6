import { Module, type DynamicModule } from '@nestjs/common';
import { BusModule, type BusStrategy } from '@parallax/bus/nest';
import type { ServiceName } from '@parallax/types';
import { controlControllerOf } from './control.controller.js';
import { HealthMetrics } from './health-metrics.js';
import { HostParts } from './parts.js';
import { ProbeController } from './probe.controller.js';

/** One hosted service: its health on the bus, probes where they are asked for, and what the app itself answers. */
@Module({})
export class HostModule {
  static with(name: ServiceName, strategy: BusStrategy, parts: HostParts, probes: boolean, own: DynamicModule | undefined): DynamicModule {
    return {
      module: HostModule,
      imports: [BusModule.of(strategy), ...(own === undefined ? [] : [own])],
      controllers: [controlControllerOf(name), ...(probes ? [ProbeController] : [])],
      providers: [
        { provide: HostParts, useValue: parts },
        ...(probes ? [{ provide: HealthMetrics, useValue: new HealthMetrics(name) }] : []),
      ],
    };
  }
}
