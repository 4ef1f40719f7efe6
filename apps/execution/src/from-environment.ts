import { paperBalances, settingsOf, type Environment } from '@parallax/config';
import { DEFAULT_EXECUTION_OPTIONS } from '@parallax/execution';
import type { ServiceContext } from '@parallax/runtime';
import { VENUES } from '@parallax/venues';
import { BusVenueDoor } from './bus-venue-door.js';
import { ExecutionService } from './execution-service.js';

const DOOR_TIMEOUT_MS = 2_000;

/** Execution through the doors of the paper venues, one for each venue that is watched. */
export function createExecutionService(context: ServiceContext, environment: Environment): ExecutionService {
  const { account, venues, quoteMaxAgeUs, takerFees } = settingsOf(environment, VENUES);
  const doors = venues.map((venue) => new BusVenueDoor(context.bus, venue, DOOR_TIMEOUT_MS));
  const options = { ...DEFAULT_EXECUTION_OPTIONS, quoteAgeUs: quoteMaxAgeUs, takerFees, balances: paperBalances(account, venues) };
  return new ExecutionService(context, options, doors);
}
