import type { Decimals, InstrumentTable } from '@parallax/types';
import type { FinerNumber } from '@parallax/venues';
import { ResyncRequests } from './resync-requests.js';

/**
 * Numbers that were finer than their instrument's scale: news of it, for which its listing is asked for at once, then ever less
 * often until the specification is fine enough. Pure.
 */
export class FinerNumbers {
  private readonly needed = new Map<number, Decimals>();
  private readonly requests: ResyncRequests;

  constructor(
    private readonly instruments: InstrumentTable,
    ask: (instrument: number, needed: Decimals, attempt: number) => void,
  ) {
    this.requests = new ResyncRequests((instrument, attempt) => {
      const needed = this.needed.get(instrument);
      if (needed) ask(instrument, needed, attempt);
    });
  }

  /** So often was asked. */
  get requested(): number {
    return this.requests.requested;
  }

  get wakeAtUs(): number {
    return this.requests.wakeAtUs;
  }

  /** Where price and size have one scale, nothing tells which of them it was: both become finer. */
  note({ scale, decimals }: FinerNumber, instrument: number, nowUs: number): void {
    const { priceScale, sizeScale } = this.instruments.get(instrument);
    const { price, size } = this.needed.get(instrument) ?? { price: priceScale, size: sizeScale };
    const finerThan = (known: number, own: number): number => (own === scale ? Math.max(known, decimals) : known);
    this.needed.set(instrument, { price: finerThan(price, priceScale), size: finerThan(size, sizeScale) });
    this.requests.want(instrument, nowUs);
  }

  onWake(nowUs: number): void {
    for (const [instrument, { price, size }] of this.needed) {
      const { priceScale, sizeScale } = this.instruments.get(instrument);
      if (priceScale < price || sizeScale < size) continue;
      this.needed.delete(instrument);
      this.requests.settled(instrument);
    }
    this.requests.onWake(nowUs);
  }
}
