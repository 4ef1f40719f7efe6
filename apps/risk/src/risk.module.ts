import 'reflect-metadata';
import { type DynamicModule, Inject, Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RiskDependencies } from './configuration.js';
import { RiskService } from './risk-service.js';

/** Starts and drains the service with the application that holds it. */
@Injectable()
class RiskLife implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(RiskService) private readonly service: RiskService) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.service.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.service.stop();
  }
}

/** Risk in any Nest application: its own process, or all services in one. */
@Module({})
export class RiskModule {
  static with(dependencies: RiskDependencies): DynamicModule {
    const service = { provide: RiskService, useFactory: () => new RiskService(dependencies) };
    return { module: RiskModule, providers: [service, RiskLife], exports: [RiskService] };
  }
}
