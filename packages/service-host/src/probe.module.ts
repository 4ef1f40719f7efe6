import { Module, type DynamicModule } from '@nestjs/common';
import { ProbeController } from './probe.controller.js';
import { ProbedProcess } from './probed-process.js';

/** The probes of one process, with no service of its own. */
@Module({})
export class ProbeModule {
  static of(probed: ProbedProcess): DynamicModule {
    return { module: ProbeModule, controllers: [ProbeController], providers: [{ provide: ProbedProcess, useValue: probed }] };
  }
}
