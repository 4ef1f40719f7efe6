import type { LastValues, ServiceName } from '@parallax/types';

/** It writes most of them. */
const TELLS_OF_CACHE: ServiceName = 'normalisation';

/** The last values that all services of a process share, for one of them: what went wrong with their cache is told by one alone, or each fault is told many times. */
export function sharedLastValues(values: LastValues, user: ServiceName): LastValues {
  if (user === TELLS_OF_CACHE) return values;
  return {
    counters: {}, putQuote: (specification, quote) => values.putQuote(specification, quote), putRegime: (regime) => values.putRegime(regime), recall: () => values.recall(),
  };
}
