import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { BusStrategy } from '@parallax/bus/nest';
import { RiskController } from './risk.controller.js';
import { RiskService } from './risk-service.js';

/** What risk answers, in whichever application it is: its own process, or all services in one. */
@Module({})
export class RiskModule {
  constructor(@Inject(RiskService) service: RiskService, @Inject(BusStrategy) strategy: BusStrategy) {
    service.onJudging((judging) => strategy.setActing(judging));
  }

  static of(service: RiskService): DynamicModule {
    return { module: RiskModule, controllers: [RiskController], providers: [{ provide: RiskService, useValue: service }] };
  }
}
