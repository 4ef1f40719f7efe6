import { contractOf, costWithFee, Money, priceAtCost } from '@parallax/money';
import { Quote, QUOTE_COLUMNS, type Row } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { exits, instruments } from '../test/scene.js';
import { exitOrderOf, type ExitFacts } from './exit-order.js';


const table = instruments();
const facts = (changes: Partial<ExitFacts> = {}): ExitFacts => ({
  exit: exits[1], specification: table.get(table.find('binance', 'BTC/USDT')), currency: 'USDT', part: new Money(1),
  reference: new Money(100), feeRate: '0.001', quote: undefined, spent: new Money(0), blind: true, ...changes,
});

/** A quote of binance with this bid, in cents. */
function quoteOf(bid: number): Row {
  const quote = new Float64Array(QUOTE_COLUMNS);
  Object.assign(quote, { [Quote.specificationVersion]: 1, [Quote.trust]: 1, [Quote.bidPrice]: bid, [Quote.askPrice]: bid + 10 });
  return quote;
}

test('the limit price keeps cost and fee within the limit, on the step that is not worse', () => {
  // Sell back 1 bought at 100: (100 − p) + 0.001 p ≤ 3 gives p ≥ 97.0970…, so 97.1; cost 2.9 + 0.0971.
  expect(exitOrderOf(facts())).toEqual({ kind: 'order', price: '97.1', size: '1', worstCost: '2.9971' });
  // A price for its value alone: what was paid may have been far better than the leg's limit, from which that price follows.
  expect(exitOrderOf(facts({ exit: { ...exits[1], price: '98' } }))).toMatchObject({ price: '97.1' });
  // A hedge adds exposure that was reserved at its price.
  expect(exitOrderOf(facts({ exit: { ...exits[0], price: '99.5' }, reference: new Money(101) }))).toMatchObject({ price: '99.5' });
});

test.each<[string, Partial<ExitFacts>, string]>([
  // 100 − 96 and 0.096 of fee.
  ['the cost limit', { quote: quoteOf(9600) }, 'at the market\'s 96 it would cost 4.096, more than its cost limit of 3'],
  ['what is left of it', { quote: quoteOf(9750), spent: new Money(1) }, 'at the market\'s 97.5 it would cost 2.5975, more than its cost limit of 3, of which 2 is left'],
  ['nothing is left of it', { spent: new Money('3.01') }, 'its cost limit of 3 is used up'],
  ['the approved price', { exit: { ...exits[0], price: '99.5' }, reference: new Money(101), quote: quoteOf(9940) }, 'the market\'s 99.4 is beyond its approved price 99.5'],
  ['the order step', { exit: { ...exits[1], costLimit: '3.05' }, quote: quoteOf(9705) }, 'the market\'s 97.05 is beyond 97.1, the last order step within its bounds'],
  ['no fresh quote', { blind: false }, 'no fresh quote of binance:BTC/USDT'],
])('the bound that refuses is named: %s', (_name, changes, reason) => {
  expect(exitOrderOf(facts(changes))).toMatchObject({ kind: 'impossible', reason });
});

test('a small rest may cost all that is left, and is not offered at any price for it', () => {
  // 0.06 that was bought at 100 may be sold 50 below that; the market's 99 less what the whole limit is for a whole leg is 96.
  const rest = { part: new Money('0.06'), quote: quoteOf(9900) };
  expect(exitOrderOf(facts(rest))).toMatchObject({ price: '96', size: '0.06' });
  expect(exitOrderOf(facts({ ...rest, quote: quoteOf(9000) }))).toMatchObject({ kind: 'order' });
  // For 96 it would be worth less than 5, for 99 it is not.
  expect(exitOrderOf(facts({ ...rest, part: new Money('0.051') }))).toMatchObject({ price: '98.1', size: '0.051' });
});

test('the size is the uneven part, rounded down to the step, never more', () => {
  expect(exitOrderOf(facts({ part: new Money('0.33339') }))).toMatchObject({ size: '0.333' });
  expect(exitOrderOf(facts({ part: new Money('0.0009') }))).toMatchObject({ kind: 'impossible', reason: 'too small for an order' });
  expect(exitOrderOf(facts({ part: new Money('0.01') }))).toMatchObject({ kind: 'impossible', reason: 'worth too little for an order' });
});

test('what cannot be reckoned is not sent', () => {
  expect(exitOrderOf(facts({ feeRate: undefined }))).toMatchObject({ reason: 'no fee rate is known for binance' });
  expect(exitOrderOf(facts({ currency: 'USDC' }))).toMatchObject({ reason: 'its cost is in USDT, not USDC' });
  expect(exitOrderOf(facts({ specification: undefined }))).toMatchObject({ kind: 'impossible' });
});

test.each(['buy', 'sell'] as const)('at the bound, %s costs exactly the limit, linear and inverse', (side) => {
  for (const number of [0, 3]) {
    const specification = table.get(number);
    const [reference, size, fee, limit] = [new Money(50_000), new Money(7), new Money('0.0005'), new Money('11.5')];
    const contract = contractOf(specification);
    const price = priceAtCost(contract, side, reference, size, fee, limit);
    const cost = costWithFee(contract, side, reference, price, size, fee);
    expect(cost.toDecimalPlaces(20).toFixed()).toBe('11.5');
  }
});
