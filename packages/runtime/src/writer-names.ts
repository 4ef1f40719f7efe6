import type { Bus } from '@parallax/bus';
import { ParallaxError, type ServiceHealth, type ServiceName, type Trouble } from '@parallax/types';
import { decodeJson, serviceHealthSchema, subjects, token } from '@parallax/wire';
import type { WriterWatch } from './writer-watch.js';

/** As many instances of before as may still be asked for. */
const KEPT = 32;

/** Instances of one service by the time of their start, which is the number that they write with. */
export class WriterNames {
  private readonly names = new Map<number, string>();

  constructor(private readonly service: ServiceName) {}

  /** Follows what the instances say of themselves; gives what ends that. */
  follow(bus: Bus): () => void {
    const heard = bus.subscribe(subjects.serviceHealth(this.service), ({ bytes }) => {
      try {
        this.take(decodeJson(serviceHealthSchema, bytes));
      } catch (error) {
        // Monitoring tells of words that cannot be read.
        if (!(error instanceof ParallaxError)) throw error;
      }
    });
    return () => heard.unsubscribe();
  }

  /** A critical trouble for each venue of which two instances write the market; where that is all of them, nothing can be traded. */
  troubles(watches: Iterable<readonly [venue: string, watch: WriterWatch]>, nowUs: number): Trouble[] {
    const troubles: Trouble[] = [];
    let venues = 0;
    for (const [venue, watch] of watches) {
      venues++;
      const writers = watch.contenders(nowUs);
      if (writers.length === 0) continue;
      const who = writers.map((writer) => this.nameOf(writer)).join(' and ');
      const summary = `${writers.length} instances of ${this.service} write the market of ${venue} at once: ${who}. Nothing of it is believed or traded on. `
        + 'End all but one; seconds later that one goes on';
      troubles.push({ key: `two-writers.${this.service}.${token(venue).replaceAll('=', '_')}`, severity: 'critical', summary });
    }
    return troubles.length < venues ? troubles : troubles.map((trouble) => ({ ...trouble, stopsTrading: true as const }));
  }

  private take({ startedAtUs, instance }: ServiceHealth): void {
    if (this.names.get(startedAtUs) === instance) return;
    this.names.set(startedAtUs, instance);
    if (this.names.size > KEPT) this.names.delete(this.names.keys().next().value!);
  }

  private nameOf(writer: number): string {
    const started = new Date(writer / 1_000).toISOString();
    const name = this.names.get(writer);
    return name === undefined ? `one that started at ${started}` : `${name} (started at ${started})`;
  }
}
