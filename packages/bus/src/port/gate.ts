import { Lane, type MessagePump, type Pumped } from '../pump.js';

/**
 * Lets only so many messages be under way to the other side of a port. The next go when the other side says that it has
 * handled some: until then they wait with their subscription, by its limit and its rule. So a reader that stands still
 * costs the serving process what its subscriptions may hold, and no more.
 */
export class Gate implements MessagePump {
  private underWay = 0;
  private readonly waiting = new Set<Pumped>();
  private readonly onlyLane = new Lane(this);
  private running = false;

  constructor(private readonly window: number) {}

  wake(member: Pumped): void {
    this.waiting.add(member);
    this.run();
  }

  /** One gate is one lane: who shares it is sent in the order of arrival. */
  lane(): Lane {
    return this.onlyLane;
  }

  async whenIdle(): Promise<void> {
    // What waits here goes when the other side takes it; nobody may wait for that.
  }

  /** The other side has handled so many; what it never got does not count. */
  credit(count: number): void {
    this.underWay = Math.max(0, this.underWay - count);
    this.run();
  }

  private run(): void {
    if (this.running) return;
    this.running = true;
    for (const member of this.waiting) {
      let more = true;
      while (this.underWay < this.window && (more = member.handleOne())) this.underWay++;
      if (!more) this.waiting.delete(member);
    }
    this.running = false;
  }
}
