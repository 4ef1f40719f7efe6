import type { Bus, StateEntry } from '../bus.js';
import { DEFAULT_PENDING_LIMIT, DeliveryQueue } from '../delivery-queue.js';
import type { Pumped } from '../pump.js';
import type { Fields } from './fields.js';
import type { Gate } from './gate.js';
import type { Outbox } from './outbox.js';
import { oneTooMany, ownBytes } from './protocol.js';

const MOST_WATCHES = 256;

interface Change extends StateEntry {
  readonly subject: string;
}

/** One watch of the using side: beyond what its gate lets through, the newest entry of each key waits. */
class ServedWatch implements Pumped {
  private readonly changes = new DeliveryQueue<Change>(DEFAULT_PENDING_LIMIT, 'newest');
  private whenSent: (() => void) | null = null;
  private source: { stop(): void } | null = null;
  private stopped = false;

  constructor(
    private readonly id: number,
    readonly gateId: number,
    private readonly gate: Gate,
    private readonly outbox: Outbox,
  ) {}

  /** Resolves when the other side was sent the entries that there are. */
  async start(bus: Bus, bucket: string, pattern: string): Promise<void> {
    this.source = await bus.state(bucket).watch(pattern, (entry) => {
      if (this.stopped) return;
      this.changes.push({ ...entry, subject: entry.key });
      this.gate.wake(this);
    });
    if (this.stopped) this.source.stop();
    else if (this.changes.size > 0) await new Promise<void>((resolve) => (this.whenSent = resolve));
  }

  handleOne(): boolean {
    const change = this.changes.shift();
    if (change === undefined) return false;
    const { key, bytes, revision } = change;
    this.outbox.post({ op: 'entry', id: this.id, gate: this.gateId, key, revision, bytes: bytes === null ? null : ownBytes(bytes) });
    if (this.changes.size === 0) this.whenSent?.();
    return true;
  }

  stop(): void {
    this.stopped = true;
    this.source?.stop();
    this.changes.clear();
    this.whenSent?.();
  }
}

/** Shared state for the using side. */
export class ServedState {
  private readonly watches = new Map<number, ServedWatch>();

  constructor(
    private readonly bus: Bus,
    private readonly outbox: Outbox,
    private readonly gates: { gate(id: number): Gate; closeGate(id: number): void },
  ) {}

  async get(fields: Fields): Promise<StateEntry | null> {
    const entry = await this.bus.state(fields.text('bucket')).get(fields.text('key'));
    return entry === null ? null : { ...entry, bytes: entry.bytes === null ? null : ownBytes(entry.bytes) };
  }

  put(fields: Fields): Promise<number> {
    return this.bus.state(fields.text('bucket')).put(fields.text('key'), fields.bytes(), fields.optionalWhole('expectedRevision'));
  }

  delete(fields: Fields): Promise<void> {
    return this.bus.state(fields.text('bucket')).delete(fields.text('key'), fields.optionalWhole('expectedRevision'));
  }

  keys(fields: Fields): Promise<string[]> {
    return this.bus.state(fields.text('bucket')).keys(fields.optionalText('pattern'));
  }

  deleted(fields: Fields): Promise<string[]> {
    return this.bus.state(fields.text('bucket')).deleted(fields.optionalText('pattern'));
  }

  async watch(fields: Fields): Promise<void> {
    const [id, gate, bucket, pattern] = [fields.whole('id'), fields.whole('gate'), fields.text('bucket'), fields.text('pattern')];
    if (this.watches.size >= MOST_WATCHES || this.watches.has(id)) throw oneTooMany('watches', MOST_WATCHES);
    const watch = new ServedWatch(id, gate, this.gates.gate(gate), this.outbox);
    this.watches.set(id, watch);
    try {
      await watch.start(this.bus, bucket, pattern);
    } catch (error) {
      this.unwatch(id);
      throw error;
    }
  }

  unwatch(id: number): void {
    const watch = this.watches.get(id);
    this.watches.delete(id);
    watch?.stop();
    if (watch !== undefined) this.gates.closeGate(watch.gateId);
  }

  close(): void {
    for (const id of this.watches.keys()) this.unwatch(id);
  }
}
