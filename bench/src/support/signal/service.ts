/** Normalisation or arbitrage as it runs live, alone in its process. */
import { ArbitrageService } from '@parallax/app-arbitrage';
import { normalisationDefinition, NormalisationService } from '@parallax/app-normalisation';
import { hostService } from '@parallax/service-host';
import type { Strategy } from '@parallax/strategies';
import { VENUES } from '@parallax/venues';
import { answer, busAs, contextOf, joining } from '../processes/child.js';

/** What this process has handled and sent since it started. */
export interface ServiceCounts {
  readonly handled: number;
  readonly sent: number;
  readonly lost: number;
  readonly other: Readonly<Record<string, unknown>>;
}

/** Detection is what is measured: this strategy wants nothing. */
class Watcher implements Strategy {
  readonly name = 'watcher';
  readonly counters = {};
  readonly wakeAtUs = Number.POSITIVE_INFINITY;
  onQuote(): void {}
  onOpportunity(): void {}
  onOutcome(): void {}
  onWake(): void {}
}

const context = contextOf(await busAs(joining.role));
const counts = joining.role === 'normalisation' ? await normalisation() : await arbitrage();
answer({ counts });

async function normalisation(): Promise<() => ServiceCounts> {
  const service = new NormalisationService(context, VENUES);
  await hostService(service, context, { module: normalisationDefinition.module?.(service) });
  return () => {
    const { symbols, frames, deadLetters } = service.report();
    const untrusted = symbols.filter(({ trust }) => trust !== 'synced').length;
    const gaps = symbols.reduce((sum, one) => sum + one.gaps, 0);
    const quotes = symbols.reduce((sum, one) => sum + one.quotes, 0);
    return { handled: frames, sent: quotes, lost: service.health().counters.framesLost, other: { untrusted, gaps, deadLetters } };
  };
}

async function arbitrage(): Promise<() => ServiceCounts> {
  const service = new ArbitrageService(context, {}, 'main', () => new Watcher());
  await service.start();
  return () => {
    const { quotes, told, failed, chainBreaks } = service.health().counters;
    const { counts: notTaken } = service.core.notTaken;
    return { handled: quotes, sent: told, lost: failed + chainBreaks, other: { notTaken } };
  };
}
