import { ParallaxError } from '@parallax/types';
import type { BusFault } from './bus.js';

export type FaultListener = (fault: BusFault) => void;

/** What becomes of a fault when nobody asked to be told. */
export const reportFault: FaultListener = ({ from, place, error }) => {
  console.error(`bus: ${from === 'handler' ? `the handler of "${place}"` : place} failed:`, error instanceof ParallaxError ? error.message : error);
};

/** Tells the faults of one bus to who listens; where nobody does, or a listener fails itself, to `otherwise`. */
export class FaultFeed {
  private readonly listeners = new Set<FaultListener>();

  constructor(private readonly otherwise: FaultListener) {}

  on(listener: FaultListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  readonly tell = (fault: BusFault): void => {
    if (this.listeners.size === 0) this.otherwise(fault);
    for (const listener of this.listeners) {
      try {
        listener(fault);
      } catch (error) {
        this.otherwise(fault);
        this.otherwise({ from: 'handler', place: 'listener of faults', error });
      }
    }
  };

  /** A handler threw. */
  readonly ofHandler = (error: unknown, place: string): void => this.tell({ from: 'handler', place, error });
  /** The transport failed. */
  readonly ofTransport = (error: unknown, place: string): void => this.tell({ from: 'transport', place, error });
}
