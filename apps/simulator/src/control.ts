import { parseFault } from '@parallax/market-model';
import { ParallaxError } from '@parallax/types';
import { copyBook } from './model-venue.js';
import type { ModelExchange } from './model-exchange.js';
import { priceText, sizeText } from './venues/text.js';
import type { RestReply } from './venues/protocol.js';

/**
 * The simulator's own door: `POST /control/faults`, `GET /control/status`, `GET /control/book?venue=&symbol=` (the true
 * book behind a venue, decimal text).
 */
export function control(exchange: ModelExchange, method: string, path: string, query: URLSearchParams, body: string): RestReply {
  if (method === 'GET' && path === '/control/status') return { status: 200, body: statusOf(exchange) };
  if (method === 'GET' && path === '/control/book') return bookOf(exchange, query);
  if (method === 'POST' && path === '/control/faults') return addFault(exchange, body);
  return { status: 404, body: { error: 'POST /control/faults, GET /control/status or GET /control/book' } };
}

function addFault(exchange: ModelExchange, body: string): RestReply {
  try {
    const fault = parseFault(JSON.parse(body));
    exchange.addFault(fault);
    return { status: 200, body: { accepted: fault } };
  } catch (error) {
    const place = error instanceof ParallaxError ? error.place : 'body';
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error), place } };
  }
}

function statusOf(exchange: ModelExchange): object {
  return {
    scenario: exchange.scenario.name, seed: exchange.scenario.seed, phase: exchange.phase,
    elapsedSeconds: exchange.model.elapsedSeconds,
    venues: [...exchange.venues.values()].map((venue) => ({
      venue: venue.venue, connections: venue.connections,
      symbols: venue.markets.map((market) => market.specification.symbol),
    })),
  };
}

function bookOf(exchange: ModelExchange, query: URLSearchParams): RestReply {
  const venue = exchange.venues.get(query.get('venue') ?? '');
  const market = venue?.markets.find((each) => each.specification.symbol === query.get('symbol'));
  if (!market) return { status: 404, body: { error: 'no such venue and symbol' } };
  const book = copyBook(market, Infinity, exchange.model.nowUs);
  const text = (pairs: typeof book.bids): string[][] =>
    pairs.map(([price, size]) => [priceText(market, price), sizeText(market, size)]);
  return { status: 200, body: { updateId: book.updateId, atUs: book.atUs, bids: text(book.bids), asks: text(book.asks) } };
}
