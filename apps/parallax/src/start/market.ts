import { Fetch, IngestionService, WebSockets, type VenueSelection } from '@parallax/app-ingestion';
import type { ServiceContext } from '@parallax/runtime';
import { startSimulator, type Simulator } from '@parallax/simulator';
import type { FeedName } from '@parallax/venues';
import { VENUES } from '@parallax/venues';
import type { Settings } from '../compose/settings.js';

const FEEDS: readonly FeedName[] = ['depth', 'trades', 'ticker'];
/** What is watched at the venues' public endpoints unless SYMBOLS says otherwise; each venue takes what it lists. */
const LIVE_SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'BTC/USD', 'ETH/USD', 'SOL/USD', 'BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT:USDT'];

/** Where the market comes from: local simulated venues, or the venues themselves; through the very same adapters. */
export async function startMarket(context: ServiceContext, settings: Settings): Promise<{ ingestion: IngestionService; simulator: Simulator | null }> {
  const simulator = settings.market === 'simulated' ? await startSimulator() : null;
  const selections = simulator ? simulated(simulator, settings) : live(settings);
  const ingestion = new IngestionService(context, new WebSockets(context.clock), new Fetch(), selections);
  return { ingestion, simulator };
}

function simulated(simulator: Simulator, settings: Settings): VenueSelection[] {
  return (simulator.model?.scenario.venues ?? []).flatMap(({ venue, instruments }) => {
    const definition = VENUES.get(venue);
    if (!definition || !settings.venues.includes(venue)) return [];
    const symbols = instruments.map(({ symbol }) => symbol).filter((symbol) => settings.symbols.length === 0 || settings.symbols.includes(symbol));
    return [{ definition, symbols, feeds: FEEDS, endpoints: simulator.venues[venue] }];
  });
}

function live(settings: Settings): VenueSelection[] {
  const symbols = settings.symbols.length > 0 ? settings.symbols : LIVE_SYMBOLS;
  return settings.venues.flatMap((venue) => {
    const definition = VENUES.get(venue);
    if (!definition) return [];
    const isListed = (symbol: string): boolean => settings.symbols.length > 0 || definition.catalogue.length === 0 || definition.catalogue.some((one) => one.symbol === symbol);
    return [{ definition, symbols: symbols.filter(isListed), feeds: definition.feeds }];
  });
}
