import { toldText } from '@parallax/money';
import type { Trouble } from '@parallax/types';
import type { RiskCore } from './core.js';
import { dailyLoss, hourlyLoss, openProfit, type ReachedLoss } from './loss.js';

/** Quotes come within seconds of a start, and back after a broken book; what lacks for longer is told. */
const LASTING_US = 30_000_000;

/**
 * Accounts for which nothing is approved because of their loss: it has reached a limit, or it is not known, as where a coin that is
 * watched no more, or listed no more, lies in a position, be it as little as dust. Every plan is refused then, and nothing else would
 * show it. Where that is so of every account nothing is traded at all.
 */
export class StoppingLosses {
  private readonly unknownSince = new Map<string, number>();

  constructor(private readonly core: RiskCore) {}

  troubles(nowUs: number): Trouble[] {
    const accounts = [...this.core.accounts.keys()];
    const found = accounts.map((account) => this.troublesOf(account, nowUs));
    const stopsTrading = found.every(({ length }) => length > 0) ? { stopsTrading: true as const } : {};
    return found.flat().map((trouble) => ({ ...trouble, ...stopsTrading }));
  }

  private troublesOf(account: string, nowUs: number): Trouble[] {
    const { core, unknownSince } = this;
    const [ledger, limits] = [core.ledger(account), core.exactLimits(account)];
    ledger.profit.advance(nowUs);
    const { open, unmarked } = openProfit(ledger, limits, core.quotes, nowUs);
    const { currency } = limits.limits;
    const earning = { account: ledger, limits, open };
    const reached = [told('last hour', hourlyLoss(earning), currency), told('UTC day', dailyLoss(earning, nowUs), currency)].filter((text) => text !== null);
    const troubles: Trouble[] = [];
    if (reached.length > 0) {
      const summary = `risk approves nothing for account ${account}, whose loss has reached its limit: ${reached.join('; ')}. It goes on when that is past, or with other limits`;
      troubles.push({ key: keyOf('loss-limit', account), severity: 'critical', summary });
    }
    const unpriced = [...ledger.profit.currencies()].filter((one) => !limits.rate(one));
    const unknown = [...unmarked, ...unpriced.map((one) => `no priced conversion from ${one} to ${currency}`)];
    if (unknown.length === 0) unknownSince.delete(account);
    else if (this.lasts(account, nowUs)) {
      const summary = `risk approves nothing for account ${account}, whose loss is not known: ${unknown.join('; ')}`;
      troubles.push({ key: keyOf('loss-unknown', account), severity: 'critical', summary });
    }
    return troubles;
  }

  private lasts(account: string, nowUs: number): boolean {
    const sinceUs = this.unknownSince.get(account) ?? nowUs;
    this.unknownSince.set(account, sinceUs);
    return nowUs - sinceUs >= LASTING_US;
  }
}

const keyOf = (what: string, account: string): string => `${what}.${account.replaceAll(/[^\w.-]/g, '_')}`;

function told(window: string, reached: ReachedLoss | null, currency: string): string | null {
  return reached && `${toldText(reached.lost)} ${currency} in the ${window}, at most ${toldText(reached.allowed)}`;
}
