import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commonStep, priceOnStep, priceStepOf, sizeBelow, sizeOnStep, sizeStepOf } from './steps.js';
import { Money } from './decimal.js';
import { moneyText } from './text.js';

const steps = { priceStep: 5, priceScale: 1, sizeStep: 3, sizeScale: 2, minimumSize: 6 };

test('prices go to the step that is not worse for us, sizes to the one below', () => {
  expect(moneyText(priceOnStep(steps, 'buy', new Money('100.74')))).toBe('100.5');
  expect(moneyText(priceOnStep(steps, 'sell', new Money('100.51')))).toBe('101');
  expect(moneyText(priceOnStep(steps, 'buy', new Money('-0.1')))).toBe('-0.5');
  expect(['0.1', '0.0599', '0.06'].map((size) => moneyText(sizeOnStep(steps, new Money(size))))).toEqual(['0.09', '0', '0.06']);
  expect(moneyText(sizeBelow(steps, new Money('0.0599')))).toBe('0.03');
});

test('what is on the step stays, and nothing moves by a whole step', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 97 }), fc.integer({ min: 0, max: 8 }), (units, step, scale) => {
    const of = { priceStep: step, priceScale: scale, sizeStep: step, sizeScale: scale, minimumSize: 1 };
    const whole = sizeStepOf(of).times(units);
    expect(sizeBelow(of, whole).eq(whole)).toBe(true);
    const asked = whole.plus(new Money('0.37').times(priceStepOf(of)));
    const [bought, sold] = [priceOnStep(of, 'buy', asked), priceOnStep(of, 'sell', asked)];
    expect([bought.eq(whole), sold.minus(bought).eq(priceStepOf(of))]).toEqual([true, true]);
  }));
});

test('the common step is the smallest multiple of all', () => {
  const of = (...texts: string[]): string => moneyText(commonStep(texts.map((text) => new Money(text))));
  expect([of('0.4', '0.6'), of('0.001', '0.01'), of('0.00001', '0.003'), of('5', '0.3')]).toEqual(['1.2', '0.01', '0.003', '15']);
});
