import { expect, test } from '@jest/globals';
import { arbitrageOptions } from '@parallax/arbitrage';
import { settingsOf } from '@parallax/config';
import { VENUES } from '@parallax/venues';
import { optionsOf } from './options.js';

test('what the environment leaves out is what detection assumes by itself', () => {
  const { basis, minimumEdgeBps } = arbitrageOptions(optionsOf(settingsOf({}, VENUES)));
  expect({ basis, minimumEdgeBps }).toEqual({ basis: arbitrageOptions().basis, minimumEdgeBps: arbitrageOptions().minimumEdgeBps });
});

test('what a basis costs is the operator’s to say', () => {
  const { basis } = optionsOf(settingsOf({ BASIS_HOLDING_HOURS: '0', BASIS_FUNDING_RATE: '-0.0002', BASIS_CAPITAL_RATE: '0' }, VENUES));
  expect(basis).toMatchObject({ holdingUs: 0, fundingRate: { default: '-0.0002' }, capitalRatePerYear: '0', borrowRatePerYear: '0.1' });
});
