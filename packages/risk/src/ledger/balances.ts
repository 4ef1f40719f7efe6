import { Money, ZERO } from '../money.js';
import { holdingKey, holdingOf } from './holding-key.js';

/** What the account owns at each venue by currency: what it started with and what its fills changed. */
export class Balances {
  private readonly started = new Map<string, Money>();
  private readonly changed = new Map<string, Money>();

  /** The amount before the first fill that this ledger knows. */
  start(venue: string, currency: string, amount: Money): void {
    this.started.set(holdingKey(venue, currency), amount);
  }

  change(venue: string, currency: string, amount: Money): void {
    if (amount.isZero()) return;
    const key = holdingKey(venue, currency);
    const sum = (this.changed.get(key) ?? ZERO).plus(amount);
    if (sum.isZero()) this.changed.delete(key);
    else this.changed.set(key, sum);
  }

  get(venue: string, currency: string): Money {
    return this.at(holdingKey(venue, currency));
  }

  /** The amount by its {@link holdingKey}. */
  at(key: string): Money {
    const started = this.started.get(key) ?? ZERO;
    const changed = this.changed.get(key);
    return changed ? started.plus(changed) : started;
  }

  all(): { venue: string; currency: string; amount: Money }[] {
    const keys = [...new Set([...this.started.keys(), ...this.changed.keys()])].toSorted();
    return keys.map((key) => ({ ...holdingOf(key), amount: this.at(key) }));
  }

  toJSON(): Record<string, string> {
    const entries = [...this.changed].map(([key, amount]): [string, string] => [key, amount.toFixed()]);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  restore(changes: Readonly<Record<string, string>>): void {
    for (const [key, amount] of Object.entries(changes)) this.changed.set(key, new Money(amount));
  }
}
