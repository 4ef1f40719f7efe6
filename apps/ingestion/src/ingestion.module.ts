import { Module, type DynamicModule } from '@nestjs/common';
import { IngestionService } from './ingestion-service.js';
import { snapshotControllerOf } from './snapshot.controller.js';

/** What ingestion answers, in whichever application it is: its own process, or all services in one. */
@Module({})
export class IngestionModule {
  static of(service: IngestionService): DynamicModule {
    return {
      module: IngestionModule,
      controllers: [snapshotControllerOf(service.venues.map(({ venue }) => venue))],
      providers: [{ provide: IngestionService, useValue: service }],
    };
  }
}
