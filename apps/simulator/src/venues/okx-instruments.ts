import type { InstrumentMarket } from '@parallax/market-model';
import { trimmedPrice, trimmedSize } from './text.js';

/** One entry of OKX's instrument list, with the fields of today's answer. */
export function okxInstrument(market: InstrumentMarket, index: number): object {
  const { specification } = market;
  const swap = specification.kind === 'swap';
  const family = swap ? `${specification.base}-${specification.quote}` : '';
  return {
    alias: '', auctionEndTime: '', baseCcy: swap ? '' : specification.base, category: '1', contTdSwTime: '',
    ctMult: swap ? '1' : '', ctType: swap ? 'linear' : '', ctVal: swap ? specification.contractSize : '',
    ctValCcy: swap ? specification.base : '', expTime: '', futureSettlement: false, instFamily: family,
    instId: specification.venueSymbol, instIdCode: 10_000 + index, instType: swap ? 'SWAP' : 'SPOT',
    lever: swap ? '100' : '10', listTime: '1548133413000', lotSz: trimmedSize(market, specification.sizeStep),
    maxIcebergSz: '9999999999.0000000000000000', maxLmtAmt: '20000000', maxLmtSz: '9999999999', maxMktAmt: '1000000',
    maxMktSz: '1000000', maxPlatOILmt: '', maxStopSz: '1000000', maxTriggerSz: '9999999999.0000000000000000',
    maxTwapSz: '9999999999.0000000000000000', minSz: trimmedSize(market, specification.minimumSize), openType: '',
    optType: '', posLmtAmt: '', posLmtPct: '', preMktSwTime: '', quoteCcy: swap ? '' : specification.quote,
    ruleType: 'normal', settleCcy: swap ? specification.settle : '', state: 'live', stk: '',
    tickSz: trimmedPrice(market, specification.priceStep), tradeQuoteCcyList: swap ? [] : [specification.quote],
    uly: family,
  };
}
