/**
 * Every subject of the bus, as functions; nobody writes one by hand. Symbols are escaped into one token. The base asset
 * stands before the symbol, because a wildcard cannot match inside a token and all instruments of one asset must reach
 * the same shard.
 */

import type { MarketRowName } from '@parallax/types';

const PLAIN = /^[A-Za-z0-9_-]+$/;

/** Makes one subject token of any text: what is no letter, digit, `_` or `-` becomes `=` and its UTF-8 bytes in hex. */
export function token(text: string): string {
  if (PLAIN.test(text)) return text;
  let escaped = '';
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    escaped += byte < 128 && PLAIN.test(character) ? character : `=${byte.toString(16).padStart(2, '0')}`;
  }
  return escaped === '' ? '=' : escaped;
}

/** The text that {@link token} escaped. */
export function untoken(escaped: string): string {
  if (!escaped.includes('=')) return escaped;
  const bytes: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] !== '=') {
      bytes.push(escaped.charCodeAt(i));
    } else if (i + 2 < escaped.length) {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** What names a market on the bus. */
export interface NamedMarket {
  readonly venue: string;
  readonly base: string;
  readonly symbol: string;
}
const market = (kind: string, { venue, base, symbol }: NamedMarket): string =>
  `md.${kind}.${token(venue)}.${token(base)}.${token(symbol)}`;

export const subjects = {
  raw: (venue: string, connection: number): string => `md.raw.${token(venue)}.${connection}`,
  /** Rows of a kind, see `MARKET_ROWS`. */
  market: (row: MarketRowName, instrument: NamedMarket): string => market(row, instrument),
  /** What regime an instrument is in, told each second while it is known; changes are stored under {@link subjects.regime}. */
  standingRegime: (instrument: NamedMarket): string => market('regime', instrument),
  /** Watermarks of event time, one subject per publisher. */
  clock: (publisher: string): string => `md.clock.${token(publisher)}`,
  regime: (base: string, symbol: string): string => `signal.regime.${token(base)}.${token(symbol)}`,
  opportunity: (kind: string, base: string, symbol: string): string =>
    `signal.opportunity.${token(kind)}.${token(base)}.${token(symbol)}`,
  /** A strategy lets an open opportunity pass, and why; its newest word counts. */
  passed: (account: string): string => `exec.passed.${token(account)}`,
  intent: (account: string): string => `exec.intent.${token(account)}`,
  approved: (account: string): string => `exec.approved.${token(account)}`,
  refused: (account: string): string => `exec.refused.${token(account)}`,
  order: (account: string, venue: string): string => `exec.order.${token(account)}.${token(venue)}`,
  fill: (account: string, venue: string): string => `exec.fill.${token(account)}.${token(venue)}`,
  /** What a finished plan brought, by cause. */
  result: (account: string): string => `exec.result.${token(account)}`,
  position: (account: string): string => `exec.position.${token(account)}`,
  /** What all finished plans of the account brought, one message for each currency. */
  profit: (account: string): string => `exec.profit.${token(account)}`,
  halt: (): string => 'risk.halt',
  resume: (): string => 'risk.resume',
  limits: (): string => 'risk.limits',
  audit: (): string => 'risk.audit',
  /** Proof that risk lives; execution stops by itself when it falls silent. */
  riskAlive: (): string => 'risk.alive',
  /** Request: a fresh snapshot of a symbol's book from the venue, by REST or by subscribing anew. */
  snapshot: (venue: string): string => `venue.snapshot.${token(venue)}`,
  /** Request: read the venue's listing at once, for numbers finer than a specification. */
  listing: (venue: string): string => `venue.listing.${token(venue)}`,
  /** Request: the newest keyframe of a book from its writer. */
  keyframe: (venue: string): string => `venue.keyframe.${token(venue)}`,
  /** Request: what the door of a venue on the bus is asked (place, cancel, query), answered with its outcome. */
  venueOrder: (venue: string): string => `venue.order.${token(venue)}`,
  /** The venue's own word on orders that changed. */
  venueReport: (venue: string): string => `venue.report.${token(venue)}`,
  serviceHealth: (service: string): string => `ops.health.${token(service)}`,
  venueHealth: (venue: string): string => `ops.venue.${token(venue)}`,
  /** What ingestion wants of a venue, and what of it is missing. */
  venueFeed: (venue: string): string => `ops.feed.${token(venue)}`,
  alert: (severity: string): string => `ops.alert.${token(severity)}`,
  deadLetter: (venue: string): string => `ops.deadletter.${token(venue)}`,
  traceKeep: (): string => 'ops.trace.keep',
  /** Request to one service about itself: `health`. */
  control: (service: string, question: string): string => `ctl.${token(service)}.${token(question)}`,
} as const;

/** Subscribes to the rows of a kind, of all markets. */
export const marketPattern = (row: MarketRowName): string => `md.${row}.>`;

/** Patterns to subscribe with. */
export const patterns = {
  raw: 'md.raw.*.*',
  standingRegimes: 'md.regime.>',
  clocks: 'md.clock.*',
  regimes: 'signal.regime.>',
  opportunities: 'signal.opportunity.>',
  passed: 'exec.passed.*',
  intents: 'exec.intent.*',
  approved: 'exec.approved.*',
  refused: 'exec.refused.*',
  orders: 'exec.order.>',
  fills: 'exec.fill.>',
  results: 'exec.result.*',
  positions: 'exec.position.*',
  profits: 'exec.profit.*',
  venueOrders: 'venue.order.*',
  venueReports: 'venue.report.*',
  snapshots: 'venue.snapshot.*',
  listings: 'venue.listing.*',
  keyframes: 'venue.keyframe.*',
  serviceHealth: 'ops.health.*',
  venueHealth: 'ops.venue.*',
  venueFeeds: 'ops.feed.*',
  alerts: 'ops.alert.*',
  deadLetters: 'ops.deadletter.*',
  /** What monitoring and the gateway may ask every service. */
  healthQuestions: 'ctl.*.health',
} as const;

/** The venue of a subject that ends in one (`venue.<question>.<venue>`). */
export function venueOf(subject: string): string {
  return untoken(subject.slice(subject.lastIndexOf('.') + 1));
}

/** Venue, base and symbol of a market subject (`md.<kind>.<venue>.<base>.<symbol>`). */
export function instrumentOf(subject: string): NamedMarket {
  const [, , venue, base, symbol] = subject.split('.');
  return { venue: untoken(venue), base: untoken(base), symbol: untoken(symbol) };
}
