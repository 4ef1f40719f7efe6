import type { Opportunity } from '@parallax/types';

/** An opportunity that lives: where it stands, what was told of it last, and when it was computed last. */
export interface OpenOpportunity {
  readonly slot: number;
  readonly buy: number;
  readonly sell: number;
  told: Opportunity;
  toldEdgeBps: number;
  /** Whether what was told last held the minimum edge, and not the closing edge alone. */
  holdsMinimum: boolean;
  /** Edge at the best prices when it was computed last. */
  topEdgeBps: number;
  computedAtUs: number;
}

/** The open opportunities, found by slot and by instrument. */
export class OpenBook {
  private readonly bySlot: (OpenOpportunity | null)[] = [];
  private readonly byInstrument: OpenOpportunity[][] = [];
  readonly all = new Set<OpenOpportunity>();

  at(slot: number): OpenOpportunity | null {
    return slot < this.bySlot.length ? this.bySlot[slot] : null;
  }

  any(instrument: number): boolean {
    return instrument < this.byInstrument.length && this.byInstrument[instrument].length > 0;
  }

  /** Those with a leg in the instrument; undefined or empty when there are none. Walk it backwards when closing. */
  of(instrument: number): readonly OpenOpportunity[] | undefined {
    return this.byInstrument[instrument];
  }

  add(open: OpenOpportunity): void {
    while (this.bySlot.length <= open.slot) this.bySlot.push(null);
    this.bySlot[open.slot] = open;
    this.all.add(open);
    for (const instrument of [open.buy, open.sell]) {
      while (this.byInstrument.length <= instrument) this.byInstrument.push([]);
      this.byInstrument[instrument].push(open);
    }
  }

  remove(open: OpenOpportunity): void {
    this.bySlot[open.slot] = null;
    this.all.delete(open);
    for (const instrument of [open.buy, open.sell]) {
      const list = this.byInstrument[instrument];
      list.splice(list.indexOf(open), 1);
    }
  }
}
