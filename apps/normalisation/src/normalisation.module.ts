import { Module, type DynamicModule } from '@nestjs/common';
import { KeyframeController } from './keyframe.controller.js';
import { NormalisationService } from './normalisation-service.js';

/** What normalisation answers, in whichever application it is: its own process, or all services in one. */
@Module({})
export class NormalisationModule {
  static of(service: NormalisationService): DynamicModule {
    return { module: NormalisationModule, controllers: [KeyframeController], providers: [{ provide: NormalisationService, useValue: service }] };
  }
}
