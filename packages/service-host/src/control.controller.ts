import { Controller, Inject, type Type } from '@nestjs/common';
import { BusRequest } from '@parallax/bus/nest';
import type { ServiceHealth, ServiceName } from '@parallax/types';
import { subjects } from '@parallax/wire';
import { HostParts } from './parts.js';

/** The service's own part of the control plane; a pattern is fixed when its class is made, so each service has a class. */
export function controlControllerOf(name: ServiceName): Type {
  @Controller()
  class ControlController {
    constructor(@Inject(HostParts) private readonly parts: HostParts) {}

    /** One of the instances answers with what it says of itself at this moment. */
    @BusRequest(subjects.control(name, 'health'), { queue: name })
    health(): ServiceHealth {
      return this.parts.health();
    }
  }
  return ControlController;
}
