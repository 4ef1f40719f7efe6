import { readConfiguration, type Settings, settingsOf, venueChecks } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import type { ServiceDefinition } from '@parallax/service-host';
import { VENUES, type FeedName, type VenueDefinition } from '@parallax/venues';
import { IngestionModule } from './ingestion.module.js';
import { IngestionService } from './ingestion-service.js';
import { Fetch, WebSockets } from './system-sockets.js';
import type { VenueSelection } from './venue-ingestion.js';

const FEEDS: readonly FeedName[] = ['depth', 'trades', 'ticker'];
/** What is watched at the venues themselves unless SYMBOLS says otherwise; each venue takes what it lists. */
const SYMBOLS = ['BTC', 'ETH', 'SOL'].flatMap((base) => [`${base}/USDT`, `${base}/USD`, `${base}/USDT:USDT`]);

/** Ingestion over real sockets: from the venues' own endpoints, or from those of the simulator at this address. */
export function ingestionOf(context: ServiceContext, settings: Settings, simulator: string | null): IngestionService {
  return new IngestionService(context, new WebSockets(context.clock), new Fetch(), selectionsOf(settings, simulator), settings.symbols);
}

/** What to take from each venue; behind `simulator` each answers below `/<venue>`, null means the venue itself. */
function selectionsOf(settings: Settings, simulator: string | null): VenueSelection[] {
  return settings.venues.flatMap((venue): VenueSelection[] => {
    const definition = VENUES.get(venue);
    if (!definition) return [];
    const feeds = FEEDS.filter((feed) => definition.feeds.includes(feed));
    const chosen = settings.symbols.length > 0 ? settings.symbols : null;
    // A simulator lists what it plays and no more: all of it is wanted.
    if (simulator !== null) return [{ definition, symbols: chosen, feeds, endpoints: endpointsBelow(simulator, venue) }];
    return [{ definition, symbols: chosen ?? likely(definition), feeds }];
  });
}

function likely({ catalogue }: VenueDefinition): string[] {
  return SYMBOLS.filter((symbol) => catalogue.length === 0 || catalogue.some((one) => one.symbol === symbol));
}

function endpointsBelow(simulator: string, venue: string): { stream: string; rest: string } {
  const rest = `${simulator.replace(/\/+$/, '')}/${venue}`;
  return { rest, stream: rest.replace(/^http/, 'ws') };
}

export const ingestionDefinition: ServiceDefinition<IngestionService> = {
  name: 'ingestion',
  checks: (environment) => venueChecks(environment, VENUES),
  create(context, environment) {
    const settings = settingsOf(environment, VENUES);
    const { PARALLAX_SIMULATOR_URL } = readConfiguration(environment, ['PARALLAX_SIMULATOR_URL']);
    return ingestionOf(context, settings, settings.market === 'simulated' ? PARALLAX_SIMULATOR_URL : null);
  },
  module: (service) => IngestionModule.of(service),
};
