import { Module, type DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@parallax/types';
import { controlControllerOf } from './control.controller.js';
import { HostParts } from './parts.js';
import { ProbeController } from './probe.controller.js';

/** One hosted service: its part of the control plane, and its probes where it has none of its own. */
@Module({})
export class HostModule {
  static with(name: ServiceName, parts: HostParts, probes: boolean): DynamicModule {
    return {
      module: HostModule,
      controllers: [controlControllerOf(name), ...(probes ? [ProbeController] : [])],
      providers: [{ provide: HostParts, useValue: parts }],
    };
  }
}
