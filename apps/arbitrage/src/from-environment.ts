import { type Settings, settingsOf, venueChecks } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import type { ServiceDefinition } from '@parallax/service-host';
import { DEFAULT_TAKE_OPTIONS, TakeWorthTaking } from '@parallax/strategies';
import { VENUES } from '@parallax/venues';
import { ArbitrageService } from './arbitrage-service.js';
import { optionsOf } from './options.js';

/** Arbitrage with the one strategy of today: take what is worth taking. */
export function arbitrageOf(context: ServiceContext, settings: Settings): ArbitrageService {
  const { account, minimumEdgeBps, quoteMaxAgeUs, exits } = settings;
  // A plan that waits for a way out is silent all the while.
  const silenceUs = DEFAULT_TAKE_OPTIONS.silenceUs + exits.exitPatienceUs;
  return new ArbitrageService(context, optionsOf(settings), account, (instruments, sink) =>
    new TakeWorthTaking(instruments, sink, { account, minimumEdgeBps, quoteMaximumAgeUs: quoteMaxAgeUs, silenceUs }));
}

export const arbitrageDefinition: ServiceDefinition<ArbitrageService> = {
  name: 'arbitrage',
  checks: (environment) => venueChecks(environment, VENUES),
  create: (context, environment) => arbitrageOf(context, settingsOf(environment, VENUES)),
};
