import { inventoryOf, type ArbitrageOptions } from '@parallax/arbitrage';
import { paperBalances, type Settings } from '@parallax/config';
import { Money, moneyText } from '@parallax/money';

/** Where a venue's own rate is not known. */
const DEFAULT_FEE = '0.001';
/** The sold leg and the exits are worth more than what is bought: it stays so far below the limit of one order. */
const SHARE_OF_LIMIT = '0.97';

/** What detection is told by the settings; the rest are its own defaults. */
export function optionsOf(settings: Settings): Partial<ArbitrageOptions> {
  const { account, venues, takerFees, minimumEdgeBps, quoteMaxAgeUs, limits } = settings;
  const { fundingRate, ...basis } = settings.basis;
  // What the account began with; its balances move with execution, so this bounds a single plan and not their sum.
  const owned: Record<string, Record<string, string>> = {};
  for (const { venue, currency, amount } of paperBalances(account, venues)) (owned[venue] ??= {})[currency] = amount;
  return {
    fees: { default: DEFAULT_FEE, byVenue: takerFees },
    minimumEdgeBps: Number(minimumEdgeBps),
    quoteMaximumAgeUs: quoteMaxAgeUs,
    proofMaximumAgeUs: quoteMaxAgeUs,
    maximumNotional: moneyText(new Money(limits.maxOrderNotional).times(SHARE_OF_LIMIT)),
    basis: { ...basis, fundingRate: { default: fundingRate } },
    inventory: inventoryOf(owned),
  };
}
