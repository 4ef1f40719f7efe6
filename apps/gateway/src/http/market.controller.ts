import { Controller, Get, Query } from '@nestjs/common';
import type { InstrumentSpecification, VenueHealth } from '@parallax/types';
import { Collection, type Page } from '../core/collection.js';
import type { BookView, OpportunityView, QuoteView, RegimeView } from '../core/views.js';
import { Checked } from './checked.pipe.js';
import { GatewayParts } from './gateway-parts.js';
import { matches } from './lists.js';
import { queries, type Query as QueryOf } from './queries.js';

const BOOK_DEPTH = 50;

/** What the markets do, as the services see it. */
@Controller('api/v1')
export class MarketController {
  constructor(private readonly parts: GatewayParts) {}

  @Get('venues')
  venues(@Query(new Checked(queries.venues)) query: QueryOf<'venues'>): Page<VenueHealth> {
    return this.parts.lists.page('venues', this.parts.core.collections.venue, query, ({ venue }) => matches(query.venue, venue));
  }

  @Get('instruments')
  instruments(@Query(new Checked(queries.instruments)) query: QueryOf<'instruments'>): Page<InstrumentSpecification> {
    return this.parts.lists.page(
      'instruments',
      this.parts.core.collections.instrument,
      query,
      ({ venue, symbol, base }) => matches(query.venue, venue) && matches(query.symbol, symbol) && matches(query.base, base),
    );
  }

  @Get('quotes')
  quotes(@Query(new Checked(queries.quotes)) query: QueryOf<'quotes'>): Page<QuoteView> {
    const quotes = new Collection<QuoteView>('key', Number.POSITIVE_INFINITY);
    for (const quote of this.parts.core.allQuotes()) quotes.put(`${quote.venue}:${quote.symbol}`, quote);
    return this.parts.lists.page(
      'quotes',
      quotes,
      query,
      ({ venue, symbol, trust }) => matches(query.venue, venue) && matches(query.symbol, symbol) && matches(query.trust, trust),
    );
  }

  @Get('book')
  async book(@Query(new Checked(queries.book)) { venue, symbol, depth }: QueryOf<'book'>): Promise<{ data: BookView }> {
    return { data: await this.parts.books.read(venue, symbol, depth ?? BOOK_DEPTH) };
  }

  @Get('opportunities')
  opportunities(@Query(new Checked(queries.opportunities)) query: QueryOf<'opportunities'>): Page<OpportunityView> {
    return this.parts.lists.page(
      'opportunities',
      this.parts.core.collections.opportunity,
      query,
      ({ state, kind, legs }) =>
        matches(query.state, state) &&
        matches(query.kind, kind) &&
        legs.some((leg) => matches(query.venue, leg.venue) && matches(query.symbol, leg.symbol)),
    );
  }

  @Get('regimes')
  regimes(@Query(new Checked(queries.regimes)) query: QueryOf<'regimes'>): Page<RegimeView> {
    return this.parts.lists.page(
      'regimes',
      this.parts.core.collections.regime,
      query,
      ({ venue, symbol, regime, known }) =>
        matches(query.venue, venue) && matches(query.symbol, symbol) && (query.regime === undefined || (known && regime === query.regime)),
    );
  }
}
