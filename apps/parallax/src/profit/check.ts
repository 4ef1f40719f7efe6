import type { HttpClient, Profit, Timers } from '@parallax/types';
import { differencesOf } from './differences.js';
import type { AccountRecount } from './recount.js';
import { profitFromGateway, recountFromGateway } from './sources.js';

export interface Checked {
  readonly account: string;
  readonly currency: string;
  readonly told: Profit | undefined;
  readonly counted: AccountRecount | undefined;
  /** Empty: equal to the last digit. */
  readonly differences: readonly string[];
}

const AGAIN_MS = 1_000;

/**
 * Holds the profit that a running gateway tells to its own fills. Fills of plans under way are in no profit yet: it is looked
 * again, each second, until both speak of as many fills, or so many times; what is different then is said.
 */
export async function checkProfit(http: HttpClient, timers: Timers, gateway: string, tries: number): Promise<Checked[]> {
  for (let left = tries; ; left--) {
    const counted = await recountFromGateway(http, gateway);
    const told = await profitFromGateway(http, gateway);
    const checked = compared(told, counted);
    if (left <= 1 || checked.every(({ differences }) => differences.length === 0)) return checked;
    await new Promise<void>((resolve) => void timers.after(AGAIN_MS, resolve));
  }
}

function compared(told: readonly Profit[], counted: readonly AccountRecount[]): Checked[] {
  const keyOf = ({ account, currency }: Profit | AccountRecount): string => `${account} ${currency}`;
  const keys = new Set([...told, ...counted].map(keyOf));
  return [...keys].map((key) => {
    const [one, other] = [told.find((profit) => keyOf(profit) === key), counted.find((account) => keyOf(account) === key)];
    const { account, currency } = (one ?? other)!;
    return { account, currency, told: one, counted: other, differences: differencesBetween(one, other) };
  });
}

function differencesBetween(told: Profit | undefined, counted: AccountRecount | undefined): string[] {
  const [known, there] = [told?.fills ?? 0, counted?.fills ?? 0];
  if (told && counted && known === there) return differencesOf(told, counted);
  return [`${known} fills are in the profit, ${there} are there: plans are under way, or their results have not come`];
}
