import { Controller, Get, Query } from '@nestjs/common';
import type { Fill, Order, Position, Profit } from '@parallax/types';
import type { Page } from '../core/collection.js';
import type { VerdictView } from '../core/views.js';
import { Checked } from './checked.pipe.js';
import { GatewayParts } from './gateway-parts.js';
import { matches } from './lists.js';
import { queries, type Query as QueryOf } from './queries.js';

/** What was allowed, ordered, filled and held. */
@Controller('api/v1')
export class TradingController {
  constructor(private readonly parts: GatewayParts) {}

  @Get('verdicts')
  verdicts(@Query(new Checked(queries.verdicts)) query: QueryOf<'verdicts'>): Page<VerdictView> {
    return this.parts.lists.page(
      'verdicts',
      this.parts.core.collections.verdict,
      query,
      ({ account, kind, refusals }) =>
        matches(query.account, account) &&
        matches(query.kind, kind) &&
        (query.code === undefined || refusals.some(({ code }) => code === query.code)),
    );
  }

  @Get('orders')
  orders(@Query(new Checked(queries.orders)) query: QueryOf<'orders'>): Page<Order> {
    return this.parts.lists.page(
      'orders',
      this.parts.core.collections.order,
      query,
      (order) => this.isOf(query, order) && matches(query.state, order.state),
    );
  }

  @Get('fills')
  fills(@Query(new Checked(queries.fills)) query: QueryOf<'fills'>): Promise<Page<Fill>> {
    return this.parts.lists.pageFrom('fills', this.parts.fills, query, (fill) => this.isOf(query, fill));
  }

  @Get('positions')
  positions(
    @Query(new Checked(queries.positions)) query: QueryOf<'positions'>,
  ): Page<Position> & { profit: Profit[] } {
    const page = this.parts.lists.page('positions', this.parts.core.collections.position, query, (position) => this.isOf(query, position));
    return { ...page, profit: this.parts.core.collections.profit.values() };
  }

  @Get('profit')
  profit(@Query(new Checked(queries.profit)) query: QueryOf<'profit'>): Page<Profit> {
    const { profit } = this.parts.core.collections;
    return this.parts.lists.page('profit', profit, query, ({ account, currency }) => matches(query.account, account) && matches(query.currency, currency));
  }

  private isOf(query: QueryOf<'fills'>, { venue, symbol, account }: Fill | Order | Position): boolean {
    return matches(query.venue, venue) && matches(query.symbol, symbol) && matches(query.account, account);
  }
}
