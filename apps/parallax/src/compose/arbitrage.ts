import { ArbitrageService } from '@parallax/app-arbitrage';
import { inventoryOf, type Inventory } from '@parallax/arbitrage';
import type { ServiceContext } from '@parallax/runtime';
import { TakeWorthTaking } from '@parallax/strategies';
import { paperBalances, type Settings } from './settings.js';

/** Arbitrage with the one strategy of today: take what is worth taking. */
export function arbitrage(context: ServiceContext, settings: Settings): ArbitrageService {
  return new ArbitrageService(context, {
    fees: { default: '0.001', byVenue: settings.takerFees },
    minimumEdgeBps: Number(settings.minimumEdgeBps),
    quoteMaximumAgeUs: settings.quoteMaxAgeUs,
    proofMaximumAgeUs: settings.quoteMaxAgeUs,
    maximumNotional: settings.limits.maxOrderNotional,
    inventory: paperInventory(settings),
  }, settings.account, (instruments, onIntent) => new TakeWorthTaking(instruments, { onIntent }, { account: settings.account, quoteMaximumAgeUs: settings.quoteMaxAgeUs }));
}

/** What the paper account began with; execution's balances move, so that this bounds a single plan, not the sum of them. */
function paperInventory({ account, venues }: Settings): Inventory {
  const table: Record<string, Record<string, string>> = {};
  for (const { venue, currency, amount } of paperBalances(account, venues)) (table[venue] ??= {})[currency] = amount;
  return inventoryOf(table);
}
