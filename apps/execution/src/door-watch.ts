import { repeat, type ServiceWatch } from '@parallax/runtime';
import type { Timers, VenueDoor } from '@parallax/types';

const ASK_EVERY_MS = 1_000;
/** No order bears it, since the ids of ours are longer: an answer of a few bytes, however many orders are open. */
const NO_ORDER = 'door';

/**
 * Asks at each venue's door once a second whether anybody answers behind it. Where nobody does, whatever is sent there hangs in
 * doubt, and its plan with it: an instance with such a door cannot do its work.
 */
export class DoorWatch {
  /** Why the door of a venue gives no answer. */
  private readonly silent: Map<string, string>;
  private readonly asking = new Set<string>();
  private stopAsking = (): void => {};

  constructor(
    private readonly doors: readonly VenueDoor[],
    private readonly account: string | undefined,
    private readonly timers: Timers,
    private readonly failed: ServiceWatch['failed'],
  ) {
    this.silent = new Map(account === undefined ? [] : doors.map(({ venue }) => [venue, 'it was not asked yet']));
  }

  start(): void {
    this.askAll();
    this.stopAsking = repeat(this.timers, ASK_EVERY_MS, () => this.askAll());
  }

  stop(): void {
    this.stopAsking();
  }

  missing(): string[] {
    return [...this.silent].map(([venue, why]) => `no order can leave for ${venue}, whose door does not answer: ${why}`);
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
