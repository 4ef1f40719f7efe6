import type { Remembered } from '@parallax/types';
import type { GatewayCore } from '../core/gateway-core.js';
import type { Log } from '../dependencies.js';

/** Shows what earlier processes left, marked as remembered. Instruments must be known by now: without scales a quote means nothing. */
export function showRemembered({ quotes, regimes }: Remembered, core: GatewayCore, log: Log): void {
  let shown = 0;
  for (const quote of quotes) if (core.onRememberedQuote(quote)) shown++;
  for (const regime of regimes) core.onRememberedRegime(regime);
  if (quotes.length + regimes.length === 0) return;
  log.info('the market is shown as remembered until it is heard', { quotes: shown, quotesLeftOut: quotes.length - shown, regimes: regimes.length });
}
