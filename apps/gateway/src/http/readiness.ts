import { ageUs, isCovered, SERVICE_SILENT_US, whyNotReady, type Clock, type ServiceName } from '@parallax/types';
import type { GatewayCore } from '../core/gateway-core.js';

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
    const missing: string[] = [];
    const { bus, lists } = this.core.system(nowUs);
    if (bus.state === 'gone') missing.push('the bus is not connected');
    else if (!lists.audit.known) missing.push(lists.audit.why);
    const services = this.core.collections.service.values();
    for (const name of this.expected) {
      if (!services.some(({ service }) => service === name)) missing.push(`${name} is not there: not started, or ended`);
    }
    for (const health of services) {
      const silentUs = ageUs(health.atUs, nowUs);
      const aheadS = ((health.atUs - nowUs) / 1e6).toFixed(1);
      if (silentUs === null) missing.push(`the clock of ${health.service} is ${aheadS} s ahead of the gateway's: how old its word is cannot be told`);
      else if (silentUs > SERVICE_SILENT_US) missing.push(`${health.service} has been silent for ${Math.round(silentUs / 1e6)} s`);
      else {
        if (!health.ready && !isCovered(health, services, nowUs)) missing.push(`${health.service} is not ready: ${whyNotReady(health).join(', ')}`);
        missing.push(...(health.degraded ?? []).map((sentence) => `${health.service}: ${sentence}`));
      }
    }
    for (const venue of this.core.collections.venue.values()) {
      if (!venue.connected) missing.push(`${venue.venue} is not connected`);
    }
    return missing;
  }
}
