import { Module, type DynamicModule } from '@nestjs/common';
import { GatewayParts } from './http/gateway-parts.js';
import { MarketController } from './http/market.controller.js';
import { OperationsController } from './http/operations.controller.js';
import { RiskController } from './http/risk.controller.js';
import { TradingController } from './http/trading.controller.js';

@Module({})
export class GatewayModule {
  static with(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [MarketController, TradingController, RiskController, OperationsController],
      providers: [{ provide: GatewayParts, useValue: parts }],
    };
  }
}
