import { SERVICE_SILENT_US, type ServiceHealth } from './health.js';
import type { VenueFeed } from './venue-feed.js';

type Named = Pick<ServiceHealth, 'service' | 'instance'>;

interface Instance {
  health: ServiceHealth;
  /** Numbers of its first and of its last word among all that were heard. */
  firstWord: number;
  lastWord: number;
  heardAtUs: number;
  /** When each venue that it feeds was told of last. */
  readonly feeds: Map<string, number>;
}

/**
 * Which instances of services are heard, and which of those that fell silent need not be missed, since others do their work. It
 * goes by when and in which order this process heard them, and never by their clocks. Pure.
 */
export class ServicePresence {
  private readonly instances = new Map<string, Instance>();
  private words = 0;

  /** After `silentUs` without a word an instance counts as gone, in microseconds. */
  constructor(private readonly silentUs = SERVICE_SILENT_US) {}

  onHealth(health: ServiceHealth, nowUs: number): void {
    const word = ++this.words;
    const known = this.instances.get(keyOf(health));
    if (known?.health.startedAtUs === health.startedAtUs) Object.assign(known, { health, heardAtUs: nowUs, lastWord: word });
    else this.instances.set(keyOf(health), { health, firstWord: word, lastWord: word, heardAtUs: nowUs, feeds: new Map() });
  }

  onFeed({ venue, instance }: Pick<VenueFeed, 'venue' | 'instance'>, nowUs: number): void {
    this.instances.get(keyOf({ service: 'ingestion', instance }))?.feeds.set(venue, nowUs);
  }

  forget(named: Named): void {
    this.instances.delete(keyOf(named));
  }

  /** For how long nothing was heard of it, in microseconds; null: it is not known. */
  silentForUs(named: Named, nowUs: number): number | null {
    const instance = this.instances.get(keyOf(named));
    return instance === undefined ? null : nowUs - instance.heardAtUs;
  }

  /** Those that are silent while others that are heard do their work. */
  covered(nowUs: number): ServiceHealth[] {
    return [...this.instances.values()].filter((gone) => !this.isHeard(gone, nowUs) && this.isCovered(gone, nowUs)).map(({ health }) => health);
  }

  /** Whether another instance of the service is heard that stands by. */
  hasOtherStandBy(named: Named, nowUs: number): boolean {
    return this.others(named, nowUs).some(({ health }) => health.standsBy === true);
  }

  /** Whether it stands by as it should: it lacks nothing, and another instance is heard that does not stand by, which answers for itself. */
  standsByInOrder({ service, instance, standsBy, missing }: ServiceHealth, nowUs: number): boolean {
    return standsBy === true && missing.length === 0 && this.others({ service, instance }, nowUs).some(({ health }) => health.standsBy === undefined);
  }

  /** The venues that it fed and that nobody else feeds now. */
  unfedVenues(named: Named, nowUs: number): string[] {
    const gone = this.instances.get(keyOf(named));
    return gone === undefined ? [] : this.unfed(gone, nowUs);
  }

  /**
   * One instance is enough of each service, whichever started first; but ingestions may share the venues among them: of one
   * that is gone each venue must be fed by another, and where its venues are not known, only one that came after it will do.
   */
  private isCovered(gone: Instance, nowUs: number): boolean {
    if (gone.feeds.size > 0) return this.unfed(gone, nowUs).length === 0;
    const others = this.others(gone.health, nowUs);
    return others.some((other) => cameAfter(other, gone) || (gone.health.service !== 'ingestion' && doesItsWork(other)));
  }

  private unfed(gone: Instance, nowUs: number): string[] {
    const feeding = this.others(gone.health, nowUs).filter((other) => cameAfter(other, gone) || doesItsWork(other));
    const isFed = (venue: string): boolean => feeding.some(({ feeds }) => nowUs - (feeds.get(venue) ?? -Infinity) <= this.silentUs);
    return [...gone.feeds.keys()].filter((venue) => !isFed(venue));
  }

  private others({ service, instance }: Named, nowUs: number): Instance[] {
    return [...this.instances.values()].filter((other) => {
      return other.health.service === service && other.health.instance !== instance && this.isHeard(other, nowUs);
    });
  }

  private isHeard({ heardAtUs }: Instance, nowUs: number): boolean {
    return nowUs - heardAtUs <= this.silentUs;
  }
}

const keyOf = ({ service, instance }: Named): string => `${service}:${instance}`;
/** It was started, or came back, after the last word of the other: its own state says whether it works already. */
const cameAfter = (other: Instance, gone: Instance): boolean => other.firstWord > gone.lastWord;
const doesItsWork = ({ health }: Instance): boolean => (health.ready && health.standsBy === undefined) || health.actsSinceUs !== undefined;
