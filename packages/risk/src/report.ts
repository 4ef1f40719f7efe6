import { quotient, toldText, ZERO } from '@parallax/money';
import type { Position } from '@parallax/types';
import type { RiskCore } from './core.js';
import { describeLimits } from './validate-limits.js';

/** One account as risk sees it, for the gateway: amounts are decimal text. */
export interface AccountReport {
  readonly account: string;
  readonly limits: ReturnType<typeof describeLimits>;
  /** Open and reserved at each venue, in the limits' currency, with its share of capital; null without a conversion. */
  readonly venues: readonly { venue: string; exposure: string | null; share: string | null }[];
  readonly instruments: readonly { venue: string; symbol: string; size: string; reservedBuy: string; reservedSell: string; worstValue: string }[];
  readonly balances: readonly { venue: string; currency: string; amount: string }[];
  readonly positions: readonly Position[];
  readonly profit: readonly { currency: string; total: string; lastHour: string; day: string }[];
  readonly openReservations: number;
}

export function reportOf(core: RiskCore, account: string, nowUs: number): AccountReport {
  const ledger = core.ledger(account);
  const limits = core.exactLimits(account);
  ledger.profit.advance(nowUs);
  const windows = new Map(ledger.profit.byCurrency());
  return {
    account,
    limits: describeLimits(limits.limits),
    venues: ledger.exposures.venues().map((venue) => {
      const worths = [...ledger.exposures.valuesAt(venue)].map(([currency, value]) => limits.worth(value, currency));
      if (worths.some((worth) => worth === null)) return { venue, exposure: null, share: null };
      const exposure = worths.reduce((sum, worth) => (sum ?? ZERO).plus(worth ?? ZERO), ZERO) ?? ZERO;
      return { venue, exposure: toldText(exposure), share: toldText(quotient(exposure, limits.capital)) };
    }),
    instruments: [...ledger.exposures.all()].map(({ facts, holding, buy, sell }) => ({
      venue: facts.specification.venue,
      symbol: facts.specification.symbol,
      size: toldText(holding.size),
      reservedBuy: toldText(buy.size),
      reservedSell: toldText(sell.size),
      worstValue: toldText(ledger.exposures.worstValue(facts.key)),
    })),
    balances: ledger.balances.all().map(({ venue, currency, amount }) => ({ venue, currency, amount: toldText(amount) })),
    positions: ledger.positions.list(),
    profit: [...ledger.profit.total()].map(([currency, total]) => ({
      currency,
      total: toldText(total),
      lastHour: toldText(windows.get(currency)?.lastHour() ?? ZERO),
      day: toldText(windows.get(currency)?.day(nowUs) ?? ZERO),
    })),
    openReservations: [...ledger.records.values()].filter((record) => record.standing.length > 0).length,
  };
}
