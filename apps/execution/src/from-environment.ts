import { paperBalances, type Settings, settingsOf, venueChecks } from '@parallax/config';
import { DEFAULT_EXECUTION_OPTIONS } from '@parallax/execution';
import type { ServiceContext, WriterMode } from '@parallax/runtime';
import type { ServiceDefinition } from '@parallax/service-host';
import { VENUES } from '@parallax/venues';
import { BusVenueDoor } from './bus-venue-door.js';
import { ExecutionService } from './execution-service.js';

/** Execution through the doors of the paper venues, one for each venue that is watched. */
export function executionOf(context: ServiceContext, settings: Settings, writer: WriterMode = 'shared'): ExecutionService {
  const { account, venues, quoteMaxAgeUs, takerFees } = settings;
  const doors = venues.map((venue) => new BusVenueDoor(context.bus, venue));
  const options = {
    ...DEFAULT_EXECUTION_OPTIONS, ...settings.exits, quoteAgeUs: quoteMaxAgeUs, takerFees, accounts: [account],
    balances: paperBalances(account, venues),
  };
  return new ExecutionService(context, options, doors, { writer });
}

export const executionDefinition: ServiceDefinition<ExecutionService> = {
  name: 'execution',
  checks: (environment) => venueChecks(environment, VENUES),
  create: (context, environment) => executionOf(context, settingsOf(environment, VENUES)),
};
