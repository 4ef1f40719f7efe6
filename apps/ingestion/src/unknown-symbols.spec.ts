import { expect, test } from '@jest/globals';
import { refuseUnknownSymbols } from './unknown-symbols.js';

const okx = { venue: 'okx', listed: ['BTC/USDT', 'ETH/USDT'] };
const kraken = { venue: 'kraken', listed: ['BTC/USD', 'BTC/USDT'] };
const refusal = (chosen: string[], venues: Parameters<typeof refuseUnknownSymbols>[1]): unknown => {
  try {
    refuseUnknownSymbols(chosen, venues);
    return null;
  } catch (error) {
    return error;
  }
};

test('a symbol that none of the venues lists is refused with the venues and what is near; one that some venue lists is right', () => {
  expect(refusal(['BTC/USD', 'ETH/USDT'], [okx, kraken])).toBeNull();
  expect(refusal(['BTC/USDT', 'ETH/USTD', 'PEPE/EUR'], [okx, kraken])).toMatchObject({
    code: 'CONFIG_REFUSED', place: 'SYMBOLS',
    message: 'SYMBOLS names what none of the venues (okx, kraken) lists: "ETH/USTD", near to which are ETH/USDT (okx); "PEPE/EUR"',
  });
});

test('where a listing is not at hand nobody can tell', () => {
  expect(refusal(['PEPE/EUR'], [okx, { venue: 'kraken', listed: null }])).toBeNull();
  expect(refusal(['PEPE/EUR'], [])).toBeNull();
});
