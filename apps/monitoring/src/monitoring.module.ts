import { Module, type DynamicModule } from '@nestjs/common';
import { MonitoringController } from './monitoring.controller.js';
import { MonitoringParts } from './monitoring-parts.js';

@Module({})
export class MonitoringModule {
  static with(parts: MonitoringParts): DynamicModule {
    return {
      module: MonitoringModule,
      controllers: [MonitoringController],
      providers: [{ provide: MonitoringParts, useValue: parts }],
    };
  }
}
