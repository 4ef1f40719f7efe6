import { distrust } from '@parallax/runtime';
import { isFresh, Quote, QUOTE_COLUMNS, Trust, type InstrumentSpecification, type Row } from '@parallax/types';
import { quoteText } from './quote-text.js';
import type { QuoteView } from './views.js';

interface Slot {
  readonly specification: InstrumentSpecification;
  readonly row: Float64Array;
  missed: number;
  dirty: boolean;
}

/** The newest quote row of every instrument. Text is made only when someone is shown a quote, not for every tick. */
export class QuoteBoard {
  private readonly slots = new Map<string, Slot>();
  private dirty: Slot[] = [];

  /** Copies the row. */
  put(key: string, specification: InstrumentSpecification, row: Row): void {
    let slot = this.slots.get(key);
    if (!slot || slot.specification !== specification) {
      slot = { specification, row: slot?.row ?? new Float64Array(QUOTE_COLUMNS), missed: slot?.missed ?? 0, dirty: false };
      this.slots.set(key, slot);
    }
    const jump = row[Quote.sequence] - slot.row[Quote.sequence];
    if (jump > 1 && slot.row[Quote.sequence] > 0) slot.missed += jump - 1;
    for (let i = 0; i < QUOTE_COLUMNS; i++) slot.row[i] = row[i];
    this.move(slot);
  }

  /** No quote of the venue that is shown can be trusted any more. */
  distrust(venue: string): void {
    for (const slot of this.slots.values()) {
      if (slot.specification.venue !== venue) continue;
      distrust(slot.row);
      this.move(slot);
    }
  }

  /** Shows a quote from before the start; never in the place of one that was heard. */
  remember(key: string, specification: InstrumentSpecification, row: Row): boolean {
    if (this.slots.has(key)) return false;
    this.put(key, specification, row);
    return true;
  }

  get(key: string): QuoteView | undefined {
    const slot = this.slots.get(key);
    return slot && quoteText(slot.specification, slot.row, slot.missed);
  }

  /** How many trusted quotes changed, or were proved to stand, no longer ago than `maxAgeUs`. */
  fresh(maxAgeUs: number, nowUs: number): number {
    let count = 0;
    for (const { row } of this.slots.values()) {
      if (row[Quote.trust] === Trust.synced && isFresh(Math.max(row[Quote.changedAtUs], row[Quote.provenAtUs]), maxAgeUs, nowUs)) count++;
    }
    return count;
  }

  all(): QuoteView[] {
    return [...this.slots.values()].map((slot) => quoteText(slot.specification, slot.row, slot.missed));
  }

  /** The quotes that moved since the last call. */
  takeMoved(): QuoteView[] {
    const moved = this.dirty;
    this.dirty = [];
    return moved.map((slot) => {
      slot.dirty = false;
      return quoteText(slot.specification, slot.row, slot.missed);
    });
  }

  private move(slot: Slot): void {
    if (slot.dirty) return;
    slot.dirty = true;
    this.dirty.push(slot);
  }
}
