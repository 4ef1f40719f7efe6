import { layoutOf, Quote, QUOTE_COLUMNS, RowKind, Trust, type Opportunity, type RegimeEvent, type Row, type Timers } from '@parallax/types';

export const AT = 1_700_000_000_000_000;

/** Runs nothing by itself: tests flush by hand. */
export const noTimers: Timers = { after: () => () => undefined };

export function quoteOf(bidPrice: number, receivedAtUs = AT): Row {
  const row = new Float64Array(QUOTE_COLUMNS);
  row[Quote.layout] = layoutOf(RowKind.quote);
  row[Quote.receivedAtUs] = receivedAtUs;
  row[Quote.bidPrice] = bidPrice;
  row[Quote.askPrice] = bidPrice + 1;
  row[Quote.trust] = Trust.synced;
  return row;
}

const origin = { venue: 'binance', connection: 1, frame: 2, receivedAtUs: AT };

export function regimeOf(regime: RegimeEvent['regime'], atUs = AT): RegimeEvent {
  return {
    venue: 'binance', symbol: 'BTC/USDT', base: 'BTC', horizon: '1m', regime, previous: null,
    confidence: 0.5, strength: 1, enteredAtUs: AT, durationUs: 0, atUs, origin,
  };
}

export function opportunityOf(id: string, state: Opportunity['state'], atUs = AT): Opportunity {
  const leg = {
    venue: 'binance', symbol: 'BTC/USDT', limitPrice: '1', averagePrice: '1', size: '1', baseSize: '1', feeRate: '0.001',
    ageUs: 1, provenAgeUs: 1, updateId: 1, origin,
  };
  return {
    id, state, kind: 'cross-venue', base: 'BTC', legs: [{ ...leg, side: 'buy' }, { ...leg, side: 'sell', venue: 'okx' }],
    receipt: {
      currency: 'USDT', notional: '1', grossEdge: '1', fees: '0', slippage: '0', wayOut: '0', funding: '0', inventory: '0',
      netEdge: '1', netEdgeBps: '1',
    },
    riskScore: 0, confidence: 1, openedAtUs: AT, atUs, updates: 0, origin, links: [],
    ...(state === 'closed' ? { closeReason: 'edge-gone' as const } : {}),
  };
}
