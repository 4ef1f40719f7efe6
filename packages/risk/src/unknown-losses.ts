import type { Trouble } from '@parallax/types';
import type { RiskCore } from './core.js';
import { openProfit } from './loss.js';

/** Quotes come within seconds of a start, and back after a broken book; what lacks for longer is told. */
const LASTING_US = 30_000_000;

/** What keeps an account's loss from being known, in sentences: what is open and has no mark, money that nothing says the worth of. */
function unknownLoss(core: RiskCore, account: string, nowUs: number): string[] {
  const [ledger, limits] = [core.ledger(account), core.exactLimits(account)];
  const unpriced = [...ledger.profit.currencies()].filter((currency) => !limits.rate(currency));
  return [
    ...openProfit(ledger, limits, core.quotes, nowUs).unmarked,
    ...unpriced.map((currency) => `no priced conversion from ${currency} to ${limits.limits.currency}`),
  ];
}

/**
 * Accounts for which nothing is approved, because their loss is not known: a coin that is watched no more, or listed no more,
 * lies in a position, be it as little as dust. Every plan is refused then, and nothing else would show it.
 */
export class UnknownLosses {
  private readonly since = new Map<string, number>();

  constructor(private readonly core: RiskCore) {}

  troubles(nowUs: number): Trouble[] {
    return [...this.core.accounts.keys()].flatMap((account): Trouble[] => {
      const reasons = unknownLoss(this.core, account, nowUs);
      if (reasons.length === 0) {
        this.since.delete(account);
        return [];
      }
      const sinceUs = this.since.get(account) ?? nowUs;
      this.since.set(account, sinceUs);
      if (nowUs - sinceUs < LASTING_US) return [];
      const summary = `risk approves nothing for account ${account}, whose loss is not known: ${reasons.join('; ')}`;
      return [{ key: `loss-unknown.${account.replaceAll(/[^\w.-]/g, '_')}`, severity: 'critical', summary }];
    });
  }
}
