import type { InstrumentMarket } from '@parallax/market-model';
import { textFromScaled } from '@parallax/types';
import { priceText, sizeText } from './text.js';

/** Kraken's REST answers still use the old asset codes; WebSocket v2 uses the modern ones. */
const REST_CODES: Record<string, string> = { BTC: 'XXBT', ETH: 'XETH', USD: 'ZUSD', EUR: 'ZEUR' };
const OLD_NAMES: Record<string, string> = { BTC: 'XBT', DOGE: 'XDG' };
const restCode = (asset: string): string => REST_CODES[asset] ?? asset;
const oldName = (asset: string): string => OLD_NAMES[asset] ?? asset;

/** The answer of `/0/public/AssetPairs`, by REST pair id. */
export function krakenAssetPairs(markets: readonly InstrumentMarket[]): Record<string, object> {
  const pairs: Record<string, object> = {};
  for (const market of markets) {
    const { base, quote, priceScale, sizeScale, priceStep, minimumSize, minimumNotional } = market.specification;
    // Two old codes make the old pair id (XXBTZUSD); everything else is the alternative name (XBTUSDT).
    const old = base in REST_CODES && quote in REST_CODES;
    const id = old ? restCode(base) + restCode(quote) : oldName(base) + oldName(quote);
    pairs[id] = {
      altname: oldName(base) + oldName(quote), wsname: `${oldName(base)}/${oldName(quote)}`, aclass_base: 'currency',
      base: restCode(base), aclass_quote: 'currency', quote: restCode(quote), lot: 'unit', cost_decimals: 5,
      pair_decimals: priceScale, lot_decimals: sizeScale, lot_multiplier: 1, leverage_buy: [], leverage_sell: [],
      fees: [[0, 0.4], [10000, 0.35]], fees_maker: [[0, 0.25], [10000, 0.2]], fee_volume_currency: 'ZUSD',
      margin_call: 80, margin_stop: 40, ordermin: sizeText(market, minimumSize), costmin: minimumNotional,
      tick_size: priceText(market, priceStep), status: 'online',
    };
  }
  return pairs;
}

/** The answer of `/0/public/Assets`. */
export function krakenAssets(markets: readonly InstrumentMarket[]): Record<string, object> {
  const names = new Set(markets.flatMap((market) => [market.specification.base, market.specification.quote]));
  return Object.fromEntries([...names].map((asset) => [restCode(asset), {
    aclass: 'currency', altname: oldName(asset), decimals: asset === 'USD' ? 4 : 10, display_decimals: asset === 'USD' ? 2 : 5,
    status: 'enabled',
  }]));
}

/** The snapshot of the WebSocket channel `instrument`. */
export function krakenInstruments(markets: readonly InstrumentMarket[]): object {
  const names = new Set(markets.flatMap((market) => [market.specification.base, market.specification.quote]));
  return {
    assets: [...names].map((asset) => ({
      id: asset, status: 'enabled', precision: asset === 'USD' ? 4 : 10, precision_display: asset === 'USD' ? 2 : 5,
      borrowable: false, collateral_value: 1, margin_rate: 0.02,
    })),
    pairs: markets.map(({ specification: each }) => ({
      symbol: each.venueSymbol, base: each.base, quote: each.quote, status: 'online', qty_precision: each.sizeScale,
      qty_increment: Number(textFromScaled(each.sizeStep, each.sizeScale)), price_precision: each.priceScale,
      cost_precision: 5, marginable: false, has_index: false, cost_min: Number(each.minimumNotional),
      tick_size: Number(textFromScaled(each.priceStep, each.priceScale)),
      price_increment: Number(textFromScaled(each.priceStep, each.priceScale)),
      qty_min: Number(textFromScaled(each.minimumSize, each.sizeScale)),
    })),
  };
}
