import { ageUs, SERVICE_SILENT_US, whyNotReady, type Clock, type ServiceHealth, type ServiceName } from '@parallax/types';
import type { GatewayCore } from '../core/gateway-core.js';

/** Reasons against trading that no service tells of itself. */
const OF_THE_MARKET: ReadonlySet<string> = new Set(['risk-alive', 'books', 'quotes', 'regimes']);

/**
 * What is missing of the whole, in sentences. The gateway itself is ready once it listens and stays so: it is there to
 * show what is not.
 */
export class Readiness {
  started = false;

  constructor(
    private readonly core: GatewayCore,
    private readonly clock: Clock,
    private readonly expected: readonly ServiceName[],
  ) {}

  missing(): string[] {
    const nowUs = this.clock.nowUs();
    const { bus, lists, trading } = this.core.system(nowUs);
    // Cut off, the gateway knows of nobody, and nobody's silence says anything.
    if (bus.state === 'gone') return [`the bus is not connected, for ${secondsOf(nowUs - bus.sinceUs)} now: how the others are is not known`];
    const services = this.core.collections.service.values();
    const { reasons } = trading;
    return [
      ...(lists.audit.known ? [] : [lists.audit.why]),
      ...this.expected.filter((name) => !services.some(({ service }) => service === name)).map((name) => `${name} is not there: not started, or ended`),
      ...services.flatMap((health) => this.missingOf(health, nowUs)),
      ...this.core.collections.venue.values().filter(({ connected }) => !connected).map(({ venue }) => `${venue} is not connected`),
      ...reasons.filter(({ key }) => OF_THE_MARKET.has(key)).map(({ text }) => text),
    ];
  }

  private missingOf(health: ServiceHealth, nowUs: number): string[] {
    const { service, atUs, ready, degraded = [] } = health;
    const { presence, busBackAtUs } = this.core;
    // By when it was heard, as those are forgotten whose work others do; by its own clock it would be missed shortly before.
    const silentUs = presence.silentForUs(health, nowUs) ?? 0;
    if (silentUs > SERVICE_SILENT_US) {
      const isBefore = busBackAtUs !== null && nowUs - silentUs < busBackAtUs;
      return [isBefore ? `${service} has not been heard since the bus came back` : `${service} has been silent for ${secondsOf(silentUs)}`];
    }
    const age = ageUs(atUs, nowUs);
    if (age === null || age - silentUs > SERVICE_SILENT_US) {
      const distance = `${(Math.abs(atUs - nowUs) / 1e6).toFixed(1)} s ${age === null ? 'ahead of' : 'behind'}`;
      return [`the clock of ${service} is ${distance} the gateway's: how old its word is cannot be told`];
    }
    const why = ready || presence.standsByInOrder(health, nowUs) ? [] : [`${service} is not ready: ${whyNotReady(health).join(', ')}`];
    return [...why, ...degraded.map((sentence) => `${service}: ${sentence}`)];
  }
}

const secondsOf = (us: number): string => `${Math.round(us / 1e6)} s`;
