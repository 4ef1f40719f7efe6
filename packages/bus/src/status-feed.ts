import type { BusStatus } from './bus.js';

/** Tells listeners of a bus what happens to it; one that throws does not harm the others. */
export class StatusFeed {
  private readonly listeners = new Set<(status: BusStatus) => void>();

  on(listener: (status: BusStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(status: BusStatus): void {
    for (const listener of this.listeners) {
      try {
        listener(status);
      } catch {
        // A listener's fault is its own; the bus goes on.
      }
    }
  }
}
