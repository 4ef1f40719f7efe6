import type { BusPorts } from './system-ports.js';

/** Somebody with waiting messages. */
export interface Pumped {
  /** Handles one waiting message; false when none waits. Must not throw. */
  handleOne(): boolean;
}

/** Who hands waiting messages on. */
export interface MessagePump {
  /** Tells that `member` has something to handle. */
  wake(member: Pumped): void;
  /** The lane of that name. */
  lane(name: object): Lane;
  /** Resolves when nothing waits. */
  whenIdle(): Promise<void>;
}

/**
 * Members whose messages are handled in the order in which they came, whichever of them they came to. To the pump they are
 * one member: another, with one message that matters, does not wait behind all of theirs.
 */
export class Lane implements Pumped {
  private places: Pumped[] = [];
  private head = 0;

  constructor(private readonly pump: Pick<MessagePump, 'wake'>) {}

  /** Places that are taken: as many as messages wait, or more where some of them were dropped. */
  get length(): number {
    return this.places.length - this.head;
  }

  /** Takes the next place for a message of `member`. */
  join(member: Pumped): void {
    this.places.push(member);
    this.pump.wake(this);
  }

  handleOne(): boolean {
    while (this.head < this.places.length) {
      const member = this.places[this.head];
      this.places[this.head++] = undefined as never;
      if (this.head >= 1_024 && this.head * 2 >= this.places.length) {
        this.places = this.places.slice(this.head);
        this.head = 0;
      }
      if (member.handleOne()) return true;
    }
    this.places = [];
    this.head = 0;
    return false;
  }
}

/** Messages that one member handles before the next has its turn. */
const QUANTUM = 32;
/** After so long, or so many messages, sockets and timers get their turn. */
const TURN_US = 4_000;
const TURN_MESSAGES = 4_096;

/**
 * Hands waiting messages to handlers, outside the publisher's call, in turns short enough that input is still read. What
 * handlers publish is handled within the same turn.
 */
export class Pump implements MessagePump {
  private ready: Pumped[] = [];
  private readonly waiting = new Set<Pumped>();
  private scheduled = false;
  private idle: (() => void)[] = [];
  private readonly lanes = new WeakMap<object, Lane>();

  constructor(private readonly ports: Pick<BusPorts, 'clock' | 'defer'>) {}

  wake(member: Pumped): void {
    if (this.waiting.has(member)) return;
    this.waiting.add(member);
    this.ready.push(member);
    if (!this.scheduled) {
      this.scheduled = true;
      this.ports.defer(this.turn);
    }
  }

  lane(name: object): Lane {
    let lane = this.lanes.get(name);
    if (lane === undefined) this.lanes.set(name, (lane = new Lane(this)));
    return lane;
  }

  async whenIdle(): Promise<void> {
    if (!this.scheduled) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private readonly turn = (): void => {
    const endsAtUs = this.ports.clock.nowUs() + TURN_US;
    let handled = 0;
    while (this.ready.length > 0) {
      const round = this.ready;
      this.ready = [];
      for (const member of round) {
        let left = QUANTUM;
        let more = true;
        while (left-- > 0 && (more = member.handleOne())) handled++;
        if (more) this.ready.push(member);
        else this.waiting.delete(member);
      }
      if (handled >= TURN_MESSAGES || this.ports.clock.nowUs() >= endsAtUs) break;
    }
    if (this.ready.length > 0) {
      this.ports.defer(this.turn);
      return;
    }
    this.scheduled = false;
    for (const resolve of this.idle.splice(0)) resolve();
  };
}
