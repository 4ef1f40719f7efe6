import { Money, sumOf, ZERO } from '@parallax/money';
import { holdingKey, holdingOf } from './holding-key.js';

interface Balance {
  /** The amount before the first fill; null where nobody told it. */
  started: Money | null;
  changed: Money;
  /** Both together: checks read it far more often than it changes. */
  amount: Money;
}

/** What the account owns at each venue by currency: what it started with and what its fills changed. */
export class Balances {
  private readonly balances = new Map<string, Balance>();

  /** The amount before the first fill that this ledger knows. */
  start(venue: string, currency: string, amount: Money): void {
    const key = holdingKey(venue, currency);
    this.set(key, amount, this.balances.get(key)?.changed ?? ZERO);
  }

  change(venue: string, currency: string, amount: Money): void {
    if (amount.isZero()) return;
    const key = holdingKey(venue, currency);
    const known = this.balances.get(key);
    const changed = sumOf(known?.changed ?? ZERO, amount);
    this.set(key, known?.started ?? null, changed);
  }

  private set(key: string, started: Money | null, changed: Money): void {
    if (started === null && changed.isZero()) this.balances.delete(key);
    else this.balances.set(key, { started, changed, amount: sumOf(started ?? ZERO, changed) });
  }

  get(venue: string, currency: string): Money {
    return this.at(holdingKey(venue, currency));
  }

  /** The amount by its {@link holdingKey}. */
  at(key: string): Money {
    return this.balances.get(key)?.amount ?? ZERO;
  }

  all(): { venue: string; currency: string; amount: Money }[] {
    return [...this.balances.keys()].toSorted().map((key) => ({ ...holdingOf(key), amount: this.at(key) }));
  }

  toJSON(): Record<string, string> {
    const changed = [...this.balances].filter(([, balance]) => !balance.changed.isZero());
    const entries = changed.map(([key, balance]): [string, string] => [key, balance.changed.toFixed()]);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  restore(changes: Readonly<Record<string, string>>): void {
    for (const [key, amount] of Object.entries(changes)) this.set(key, this.balances.get(key)?.started ?? null, new Money(amount));
  }
}
