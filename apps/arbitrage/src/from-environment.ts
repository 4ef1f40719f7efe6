import { settingsOf, type Environment, type Settings } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { TakeWorthTaking } from '@parallax/strategies';
import { VENUES } from '@parallax/venues';
import { ArbitrageService } from './arbitrage-service.js';
import { optionsOf } from './options.js';

export function createArbitrageService(context: ServiceContext, environment: Environment): ArbitrageService {
  return arbitrageOf(context, settingsOf(environment, VENUES));
}

/** Arbitrage with the one strategy of today: take what is worth taking. */
export function arbitrageOf(context: ServiceContext, settings: Settings): ArbitrageService {
  const { account, quoteMaxAgeUs } = settings;
  return new ArbitrageService(context, optionsOf(settings), account, (instruments, onIntent) =>
    new TakeWorthTaking(instruments, { onIntent }, { account, quoteMaximumAgeUs: quoteMaxAgeUs }));
}
