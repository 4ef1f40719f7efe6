import type { InstrumentMarket } from '@parallax/market-model';
import { percentChange, trimmedPrice, trimmedSize } from './text.js';

const NAMES: Record<string, string> = { BTC: 'Bitcoin', ETH: 'Ethereum', SOL: 'Solana', USD: 'US Dollar' };

/** One product of Coinbase's list, with the fields of the answers recorded in 2026. */
export function coinbaseProduct(market: InstrumentMarket): object {
  const { venueSymbol, base, quote, priceStep, sizeStep, minimumSize, minimumNotional } = market.specification;
  const { lastPrice, openPrice, volume, turnover } = market.statistics;
  const { priceScale, sizeScale } = market.specification;
  return {
    product_id: venueSymbol, price: trimmedPrice(market, lastPrice),
    price_percentage_change_24h: percentChange(lastPrice, openPrice), volume_24h: trimmedSize(market, volume),
    volume_percentage_change_24h: '0', base_increment: trimmedSize(market, sizeStep),
    quote_increment: trimmedPrice(market, priceStep), quote_min_size: minimumNotional, quote_max_size: '150000000',
    base_min_size: trimmedSize(market, minimumSize), base_max_size: '3400', base_name: NAMES[base] ?? base,
    quote_name: NAMES[quote] ?? quote, watched: false, is_disabled: false, new: false, status: 'online',
    cancel_only: false, limit_only: false, post_only: false, trading_disabled: false, auction_mode: false,
    product_type: 'SPOT', quote_currency_id: quote, base_currency_id: base, fcm_trading_session_details: null,
    mid_market_price: '', alias: '', alias_to: [], base_display_symbol: base, quote_display_symbol: quote,
    view_only: false, price_increment: trimmedPrice(market, priceStep), display_name: venueSymbol, product_venue: 'CBE',
    approximate_quote_24h_volume: (turnover / 10 ** (priceScale + sizeScale)).toFixed(2), new_at: '2023-01-01T00:00:00Z',
    market_cap: '', base_cbrn: '', quote_cbrn: '', product_cbrn: '', icon_color: '', icon_url: '',
    display_name_overwrite: '', is_alpha_testing: false, about_description: '', best_bid_price: '', best_ask_price: '',
  };
}
