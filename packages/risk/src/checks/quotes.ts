import { ageUs, Trust, TRUST_NAMES } from '@parallax/types';
import type { Check } from '../judgement.js';
import { Kept } from '../quote-board.js';

/** Each leg rests on a quote that is there, trusted, of this version of the instrument, and fresh; one of the future is not known to be. */
export const checkQuotes: Check = ({ allowed, quotes, limits, nowUs }, refuse) => {
  const oldest = limits.limits.quoteMaxAgeUs;
  for (const { facts, name, key } of allowed.legs) {
    if (!facts) continue;
    if (!quotes.has(facts.number)) {
      refuse('QUOTE_MISSING', `${name}: no quote of ${key} came yet`);
      continue;
    }
    const trust = quotes.read(facts.number, Kept.trust);
    const version = quotes.read(facts.number, Kept.specificationVersion);
    if (trust !== Trust.synced) {
      refuse('QUOTE_UNTRUSTED', `${name}: the book of ${key} is ${TRUST_NAMES[trust] ?? 'in an unknown state'}`);
    } else if (version !== facts.specification.version) {
      refuse('QUOTE_UNTRUSTED', `${name}: the quote of ${key} has specification ${version}, not ${facts.specification.version}`);
    } else if (quotes.read(facts.number, Kept.bidPrice) <= 0 || quotes.read(facts.number, Kept.askPrice) <= 0) {
      refuse('QUOTE_UNTRUSTED', `${name}: a side of the book of ${key} is empty`);
    }
    const freshAtUs = quotes.read(facts.number, Kept.freshAtUs);
    const age = ageUs(freshAtUs, nowUs);
    if (age === null) refuse('QUOTE_AGE_UNKNOWN', `${name}: the quote of ${key} is ahead of our clock (µs)`, String(freshAtUs - nowUs));
    else if (age > oldest) refuse('QUOTE_TOO_OLD', `${name}: age of the quote of ${key} (µs)`, String(age), String(oldest));
  }
};
