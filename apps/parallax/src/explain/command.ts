import { readConfiguration, systemEnvironment } from '@parallax/config';
import { SystemClock, SystemTimers } from '@parallax/runtime';
import { ParallaxError, type VenueHealth } from '@parallax/types';
import { Command } from 'commander';
import { gatewayHttp } from '../gateway/http.js';
import { natsBuses } from '../compose/buses.js';
import { explanationOf, explanationText, type Explanation, type Known } from './explanation.js';
import { healthFromBus, healthFromGateway, lettersFromGateway, lettersOf } from './sources.js';

interface Options {
  readonly gateway?: string;
  readonly json?: boolean;
}

const HELP = `
Asks NATS when NATS_URL is set (as the user gateway, NATS_GATEWAY_PASSWORD) and no --gateway is given, else the gateway.

Exit codes: 0 answered, whether the book is trusted or not; 1 nobody could be asked, or the book is not known.

Examples:
  parallax explain binance BTC/USDT
  parallax explain okx ETH/USDT --gateway http://127.0.0.1:8080 --json
`;

export function explainCommand(): Command {
  return new Command('explain')
    .description('why a book is or is not trusted, and what would change that')
    .argument('<venue>', 'ccxt’s id, e.g. binanceusdm')
    .argument('<symbol>', 'the unified symbol, e.g. BTC/USDT:USDT')
    .option('--gateway <address>', 'address of a running gateway (default http://127.0.0.1:PORT)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (venue: string, symbol: string, options: Options) => {
      const one = await explain(venue, symbol, options.gateway);
      process.stdout.write(`${options.json ? JSON.stringify(one) : explanationText(one)}\n`);
    });
}

async function explain(venue: string, symbol: string, gateway: string | undefined): Promise<Explanation> {
  const environment = systemEnvironment();
  const { NATS_URL, PORT } = readConfiguration(environment, ['NATS_URL', 'PORT']);
  const clock = new SystemClock();
  if (gateway !== undefined || NATS_URL === undefined) {
    const [http, address] = [gatewayHttp(systemEnvironment()), gateway ?? `http://127.0.0.1:${PORT}`];
    const known = find(await healthFromGateway(http, address), venue, symbol);
    return explanationOf(known, await lettersFromGateway(http, address, venue, symbol), clock.nowUs());
  }
  const buses = natsBuses(NATS_URL, 'explain', environment);
  try {
    const bus = await buses.as('gateway');
    const health = await healthFromBus(bus, new SystemTimers(), venue);
    if (health === null) {
      throw new ParallaxError('SERVICE_MISSING', `nobody tells how ${venue} is: normalisation does not run on ${NATS_URL}, or has heard nothing of that venue, and ingestion does not want it`);
    }
    const known = find([health], venue, symbol);
    return explanationOf(known, await lettersOf(bus, venue, symbol), clock.nowUs());
  } finally {
    await buses.drain();
  }
}

function find(venues: readonly VenueHealth[], venue: string, symbol: string): Known {
  const health = venues.find((one) => one.venue === venue);
  if (!health) throw unknown(`nothing was heard of the venue ${venue}`, venues.map((one) => one.venue));
  const book = health.symbols.find((one) => one.symbol === symbol);
  const missing = health.feed?.missing.find((one) => one.symbol === symbol);
  if (book || missing) return { health, symbol, book, missing };
  const known = [...health.symbols, ...(health.feed?.missing ?? [])].map((one) => one.symbol);
  throw unknown(`nothing was heard of ${symbol} at ${venue}`, [...new Set(known)]);
}

function unknown(sentence: string, known: readonly string[]): ParallaxError {
  return new ParallaxError('INSTRUMENT_UNKNOWN', `${sentence}; known are ${known.length === 0 ? 'none' : known.slice(0, 20).join(', ')}`);
}
