import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@parallax/money';
import { InstrumentFacts } from '../src/instrument-facts.js';
import { ExposureBook, type SideReserve } from '../src/ledger/exposure-book.js';
import { holdingKey } from '../src/ledger/holding-key.js';
import { inverse, spot, swap } from './support.js';

/** Two spot instruments and both kinds of derivative at one venue, so that the venue's sums mix them. */
const FACTS = [
  spot('a'), spot('a', { symbol: 'ETH/USDT', base: 'ETH' }), swap('a'), inverse('a'), spot('b'),
].map((specification, number) => new InstrumentFacts(number, specification));

interface Step {
  readonly kind: 'reserve' | 'release' | 'trade';
  readonly instrument: number;
  readonly side: 'buy' | 'sell';
  readonly units: number;
  readonly price: number;
}
const steps = fc.array(fc.record<Step>({
  kind: fc.constantFrom('reserve', 'release', 'trade'),
  instrument: fc.nat(FACTS.length - 1),
  side: fc.constantFrom('buy', 'sell'),
  // Few values: equal amounts, which cancel, come often.
  units: fc.integer({ min: 1, max: 5 }),
  price: fc.constantFrom(100, 100.07, 40_000),
}), { minLength: 1, maxLength: 40 });

const amountOf = (facts: InstrumentFacts, { units, price }: Step): SideReserve => {
  const [size, at] = [new Money(units), new Money(price)];
  return { size, value: facts.value(at, size), settled: facts.settled(at, size) };
};
interface Open {
  readonly facts: InstrumentFacts;
  readonly side: 'buy' | 'sell';
  readonly amount: SideReserve;
}
const zero = new Money(0);
const total = (amounts: readonly Money[]): Money => amounts.reduce((sum, amount) => sum.plus(amount), zero);

/** The book's answers by adding up everything open, each time from nothing. */
class Recount {
  constructor(private readonly book: ExposureBook, private readonly open: readonly Open[]) {}

  private reserved(facts: InstrumentFacts, side: 'buy' | 'sell', field: keyof SideReserve): Money {
    return total(this.open.filter((one) => one.facts === facts && one.side === side).map(({ amount }) => amount[field]));
  }

  worst(facts: InstrumentFacts, field: 'value' | 'settled'): Money {
    const holding = this.book.get(facts.key)?.holding ?? { size: zero, cost: zero };
    // What inverse contracts were traded for in their quote currency is what they are, at any price.
    const held = field === 'value' && facts.inverse ? holding.size.times(facts.contractSize) : holding.cost;
    const [up, down] = [held.plus(this.reserved(facts, 'buy', field)).abs(), held.minus(this.reserved(facts, 'sell', field)).abs()];
    return up.greaterThan(down) ? up : down;
  }

  atVenue(venue: string, quote: string): Money {
    const there = FACTS.filter(({ specification }) => specification.venue === venue && specification.quote === quote);
    return total(there.map((facts) => this.worst(facts, 'value')));
  }

  held(key: string): Money {
    const spots = FACTS.filter(({ spot: isSpot }) => isSpot);
    const bought = spots.filter(({ quoteHeld }) => quoteHeld === key).map((facts) => this.reserved(facts, 'buy', 'value'));
    const sold = spots.filter(({ baseHeld }) => baseHeld === key).map((facts) => this.reserved(facts, 'sell', 'size'));
    return total([...bought, ...sold]);
  }

  margin(key: string): Money {
    return total(FACTS.filter((facts) => !facts.spot && facts.settleHeld === key).map((facts) => this.worst(facts, 'settled')));
  }
}

test('worst values, venue sums, holds and margins are what adding up everything open gives', () => {
  fc.assert(fc.property(steps, (played) => {
    const book = new ExposureBook();
    const open: Open[] = [];
    const recount = new Recount(book, open);
    for (const step of played) {
      const facts = FACTS[step.instrument];
      const amount = amountOf(facts, step);
      // What the step would add, asked of the book before it does.
      const nothing = { size: zero, value: zero, settled: zero };
      const claims = { facts, buy: nothing, sell: nothing, [step.side]: amount };
      const asked = [book.worstValue(facts.key, claims), book.worstSettled(facts.key, claims)].map((one) => one.toFixed());
      const added: Open = { facts, side: step.side, amount };
      open.push(added);
      expect(asked).toEqual([recount.worst(facts, 'value'), recount.worst(facts, 'settled')].map((one) => one.toFixed()));
      if (step.kind === 'reserve') book.reserve(facts, step.side, amount);
      else open.pop();
      const sign = step.side === 'buy' ? 1 : -1;
      if (step.kind === 'trade') book.trade(facts, { size: amount.size.times(sign), cost: amount.settled.times(sign) });
      if (step.kind === 'release' && open.length > 0) {
        const [taken] = open.splice(step.units % open.length, 1);
        book.release(taken.facts, taken.side, taken.amount);
      }
      for (const each of FACTS) {
        expect(book.worstValue(each.key).toFixed()).toBe(recount.worst(each, 'value').toFixed());
        expect(book.worstSettled(each.key).toFixed()).toBe(recount.worst(each, 'settled').toFixed());
      }
      for (const [venue, quote] of [['a', 'USDT'], ['a', 'USD'], ['b', 'USDT']]) {
        expect((book.valuesAt(venue).get(quote) ?? zero).toFixed()).toBe(recount.atVenue(venue, quote).toFixed());
      }
      for (const currency of ['USDT', 'BTC', 'ETH']) {
        const key = holdingKey('a', currency);
        expect([book.held(key).toFixed(), book.margin(key).toFixed()]).toEqual([recount.held(key).toFixed(), recount.margin(key).toFixed()]);
      }
    }
  }), { numRuns: 150 });
});
