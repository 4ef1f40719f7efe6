import { differenceOf, Money, sumOf, ZERO } from '@parallax/money';

const HOUR_US = 3_600_000_000;
const DAY_US = 86_400_000_000;

interface Entry {
  readonly atUs: number;
  readonly amount: Money;
}

/** Realised profit of one currency over the last hour (rolling) and by UTC day; exact, so order never matters. */
export class LossWindow {
  private entries: Entry[] = [];
  private first = 0;
  private hourly: Money = ZERO;
  private readonly days = new Map<number, Money>();

  add(atUs: number, amount: Money): void {
    if (amount.isZero()) return;
    let place = this.entries.length;
    while (place > this.first && this.entries[place - 1].atUs > atUs) place--;
    this.entries.splice(place, 0, { atUs, amount });
    this.hourly = sumOf(this.hourly, amount);
    const day = Math.floor(atUs / DAY_US);
    this.days.set(day, sumOf(this.days.get(day) ?? ZERO, amount));
  }

  /** Lets go of what lies an hour or more before `nowUs`, and of days before yesterday. */
  advance(nowUs: number): void {
    while (this.first < this.entries.length && this.entries[this.first].atUs <= nowUs - HOUR_US) {
      this.hourly = differenceOf(this.hourly, this.entries[this.first++].amount);
    }
    if (this.first > 1024 || (this.first > 0 && this.first === this.entries.length)) {
      this.entries = this.entries.slice(this.first);
      this.first = 0;
    }
    const day = Math.floor(nowUs / DAY_US);
    for (const known of this.days.keys()) if (known < day - 1) this.days.delete(known);
  }

  /** Profit of the last hour; call {@link advance} first. */
  lastHour(): Money {
    return this.hourly;
  }

  /** Profit of the UTC day in which `nowUs` lies. */
  day(nowUs: number): Money {
    return this.days.get(Math.floor(nowUs / DAY_US)) ?? ZERO;
  }

  toJSON(): LossWindowSnapshot {
    return {
      entries: this.entries.slice(this.first).map(({ atUs, amount }): [number, string] => [atUs, amount.toFixed()]),
      days: [...this.days].toSorted(([a], [b]) => a - b).map(([day, amount]): [number, string] => [day, amount.toFixed()]),
    };
  }

  static from(snapshot: LossWindowSnapshot): LossWindow {
    const window = new LossWindow();
    for (const [atUs, amount] of snapshot.entries) window.add(atUs, new Money(amount));
    window.days.clear();
    for (const [day, amount] of snapshot.days) window.days.set(day, new Money(amount));
    return window;
  }
}

export interface LossWindowSnapshot {
  readonly entries: readonly (readonly [atUs: number, amount: string])[];
  readonly days: readonly (readonly [day: number, amount: string])[];
}
