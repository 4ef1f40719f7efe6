import { repeat, type ServiceWatch } from '@parallax/runtime';
import type { PlanLeg, Timers, Trouble, VenueDoor } from '@parallax/types';

const ASK_EVERY_MS = 1_000;
/** No order bears it, since the ids of ours are longer: an answer of a few bytes, however many orders are open. */
const NO_ORDER = 'door';
const NOT_ASKED = 'it was not asked yet';

const sentenceOf = (venue: string, why: string): string => `no new plan with a leg at ${venue} begins, whose door does not answer: ${why}`;

/**
 * Asks at each venue's door once a second whether anybody answers behind it. Where nobody does, whatever is sent there hangs in
 * doubt, and its plan with it: no plan with a leg there may begin. Without any door that answers, the instance cannot do its work.
 */
export class DoorWatch {
  /** Why the door of a venue gives no answer. */
  private readonly silent: Map<string, string>;
  private readonly venues: ReadonlySet<string>;
  private readonly asking = new Set<string>();
  private stopAsking = (): void => {};

  constructor(
    private readonly doors: readonly VenueDoor[],
    private readonly account: string | undefined,
    private readonly timers: Timers,
    private readonly failed: ServiceWatch['failed'],
  ) {
    this.venues = new Set(doors.map(({ venue }) => venue));
    this.silent = new Map(account === undefined ? [] : doors.map(({ venue }) => [venue, NOT_ASKED]));
  }

  start(): void {
    this.askAll();
    this.stopAsking = repeat(this.timers, ASK_EVERY_MS, () => this.askAll());
  }

  stop(): void {
    this.stopAsking();
  }

  /** Whether each leg's venue answers, or has no door here at all, which the venue's refusal tells. */
  answersFor(legs: readonly Pick<PlanLeg, 'venue'>[]): boolean {
    return legs.every(({ venue }) => !this.silent.has(venue));
  }

  /** Where no door answers, nothing new can begin. */
  missing(): string[] {
    return this.silent.size === this.venues.size ? this.sentences() : [];
  }

  /** Doors that do not answer while others do: plans elsewhere go on. */
  degraded(): string[] {
    return this.silent.size < this.venues.size ? this.sentences() : [];
  }

  /** Of venues that were asked and gave no answer. */
  troubles(): Trouble[] {
    return [...this.silent].filter(([, why]) => why !== NOT_ASKED).map(([venue, why]) => ({
      key: `door.${venue}`, severity: 'warning', summary: sentenceOf(venue, why), stopsTrading: 'part',
    }));
  }

  private sentences(): string[] {
    return [...this.silent].map(([venue, why]) => sentenceOf(venue, why));
  }

  private askAll(): void {
    if (this.account === undefined) return;
    for (const door of this.doors) if (!this.asking.has(door.venue)) void this.ask(door, this.account);
  }

  private async ask(door: VenueDoor, account: string): Promise<void> {
    const { venue } = door;
    this.asking.add(venue);
    try {
      const outcome = await door.order(account, NO_ORDER);
      if (outcome.kind === 'unknown') this.silent.set(venue, outcome.detail);
      else this.silent.delete(venue);
    } catch (error) {
      this.silent.set(venue, String(error));
      this.failed(error, `whether ${venue} answers`);
    } finally {
      this.asking.delete(venue);
    }
  }
}
