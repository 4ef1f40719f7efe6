import { ageUs, isFresh, SERVICE_SILENT_US, whyNotReady, type ServiceHealth, type ServiceName, type Trouble } from '@parallax/types';

/** Whether a service does its work, as far as its own words tell. */
export interface Standing {
  /** `cannot`: it says itself that it does not. `unheard`: nobody can tell. */
  readonly is: 'acts' | 'cannot' | 'unheard';
  /** A sentence for people; empty where it acts. */
  readonly why: string;
  /** Since when, where the words tell it. */
  readonly sinceUs: number | null;
  /** What stops a part of what it does, while it does the rest; left out: nothing. */
  readonly parts?: readonly Pick<Trouble, 'key' | 'summary'>[] | undefined;
}

/** What was heard of services: the last word of each instance that is not gone, and when the last one of a service ended in order. */
export interface Heard {
  readonly services: readonly ServiceHealth[];
  readonly endedAtUs: ReadonlyMap<ServiceName, number>;
}

/** One instance that is ready and does not stand by is enough; what stops it from trading stops the service. */
export function standingOf(name: ServiceName, { services, endedAtUs }: Heard, nowUs: number): Standing {
  const own = services.filter(({ service }) => service === name);
  const fresh = own.filter((health) => isHeard(health, nowUs));
  const acting = fresh.find((health) => health.ready && health.standsBy === undefined);
  if (acting) return stoppedBy(acting) ?? { is: 'acts', why: '', sinceUs: null, parts: partsOf(acting) };
  const waiting = fresh.find((health) => health.standsBy === undefined);
  if (waiting) return { is: 'cannot', why: `${name} is not ready: ${reasonsOf(waiting)}`, sinceUs: null };
  if (fresh.length > 0) return { is: 'cannot', why: `no instance of ${name} acts: ${reasonsOf(fresh[0])}`, sinceUs: null };
  if (own.length > 0) return silence(name, own, nowUs);
  const ended = endedAtUs.get(name);
  if (ended !== undefined) return { is: 'cannot', why: `${name} has ended, and there is no other`, sinceUs: ended };
  return { is: 'unheard', why: `${name} has not been heard`, sinceUs: null };
}

export const isHeard = ({ atUs }: { readonly atUs: number }, nowUs: number): boolean => isFresh(atUs, SERVICE_SILENT_US, nowUs);

function stoppedBy({ troubles = [] }: ServiceHealth): Standing | null {
  const stopping = troubles.filter(({ stopsTrading }) => stopsTrading === true);
  return stopping.length === 0 ? null : { is: 'cannot', why: stopping.map(({ summary }) => summary).join('; '), sinceUs: null };
}

function partsOf({ troubles = [] }: ServiceHealth): Standing['parts'] {
  const parts = troubles.filter(({ stopsTrading }) => stopsTrading === 'part');
  return parts.length === 0 ? undefined : parts;
}

function silence(name: ServiceName, own: readonly ServiceHealth[], nowUs: number): Standing {
  const { atUs } = own.reduce((one, other) => (other.atUs > one.atUs ? other : one));
  if (ageUs(atUs, nowUs) !== null) return { is: 'unheard', why: `${name} is silent`, sinceUs: atUs };
  return { is: 'unheard', why: `the clock of ${name} is ahead of the gateway's, so that how old its word is cannot be told`, sinceUs: null };
}

const reasonsOf = (health: ServiceHealth): string => whyNotReady(health).join(', ');
