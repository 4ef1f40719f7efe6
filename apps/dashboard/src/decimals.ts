import type { InstrumentSpecification } from '@parallax/types';

/** Digits of a price whose instrument is not known. */
const SIGNIFICANT = 9;

/** Decimal text at so many decimals at most, halves away from zero, without trailing zeros; nothing of it passes a float. */
export function rounded(text: string, decimals: number): string {
  const isNegative = text.startsWith('-');
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  if (fraction.length <= decimals) return text;
  const kept = BigInt(whole + fraction.slice(0, decimals)) + (fraction[decimals] >= '5' ? 1n : 0n);
  const digits = kept.toString().padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  const shown = decimals === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`.replace(/\.?0+$/, '');
  return isNegative && kept !== 0n ? `-${shown}` : shown;
}

/** With how many decimals the market writes its prices: those of its order step. */
export function priceDecimals({ priceScale, priceStep }: Pick<InstrumentSpecification, 'priceScale' | 'priceStep'>): number {
  let decimals = priceScale;
  for (let step = priceStep; decimals > 0 && step % 10 === 0; step /= 10) decimals--;
  return decimals;
}

/** An average of prices, with no more digits than prices of its market have; where the market is not known, nine. */
export function averageText(text: string, instrument?: Pick<InstrumentSpecification, 'priceScale' | 'priceStep'>): string {
  if (instrument !== undefined) return rounded(text, priceDecimals(instrument));
  const digits = text.replace('-', '');
  const [whole, fraction = ''] = digits.split('.');
  const before = whole === '0' ? -/^0*/.exec(fraction)![0].length : whole.length;
  return rounded(text, Math.max(0, SIGNIFICANT - before));
}
