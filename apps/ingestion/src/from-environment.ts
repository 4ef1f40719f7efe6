import { readConfiguration, settingsOf, type Environment, type Settings } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { VENUES, type FeedName } from '@parallax/venues';
import { IngestionService } from './ingestion-service.js';
import { Fetch, WebSockets } from './system-sockets.js';
import type { VenueSelection } from './venue-ingestion.js';

const FEEDS: readonly FeedName[] = ['depth', 'trades', 'ticker'];
/** What is watched unless SYMBOLS says otherwise; each venue takes what it lists. */
const SYMBOLS = ['BTC', 'ETH', 'SOL'].flatMap((base) => [`${base}/USDT`, `${base}/USD`, `${base}/USDT:USDT`]);

/** Ingestion over real sockets: from the venues' own endpoints, or from those of a simulator. */
export function createIngestionService(context: ServiceContext, environment: Environment): IngestionService {
  const settings = settingsOf(environment, VENUES);
  const { PARALLAX_SIMULATOR_URL } = readConfiguration(environment, ['PARALLAX_SIMULATOR_URL']);
  const simulator = settings.market === 'simulated' ? PARALLAX_SIMULATOR_URL : null;
  const selections = selectionsOf(settings, simulator);
  if (selections.length === 0) context.log.warn('no venue of VENUES is known', { venues: settings.venues, known: [...VENUES.keys()] });
  return new IngestionService(context, new WebSockets(context.clock), new Fetch(), selections);
}

/** What to take from each venue; behind `simulator` each answers below `/<venue>`, null means the venue itself. */
export function selectionsOf(settings: Settings, simulator: string | null): VenueSelection[] {
  return settings.venues.flatMap((venue) => {
    const definition = VENUES.get(venue);
    if (!definition) return [];
    const { catalogue } = definition;
    const isLikely = (symbol: string): boolean => catalogue.length === 0 || catalogue.some((one) => one.symbol === symbol);
    const symbols = settings.symbols.length > 0 ? settings.symbols : SYMBOLS.filter(isLikely);
    const feeds = FEEDS.filter((feed) => definition.feeds.includes(feed));
    return [{ definition, symbols, feeds, ...(simulator === null ? {} : { endpoints: endpointsBelow(simulator, venue) }) }];
  });
}

function endpointsBelow(simulator: string, venue: string): { stream: string; rest: string } {
  const rest = `${simulator.replace(/\/+$/, '')}/${venue}`;
  return { rest, stream: rest.replace(/^http/, 'ws') };
}
