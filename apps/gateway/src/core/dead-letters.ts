import type { DeadLetter, InstrumentSpecification } from '@parallax/types';
import { Collection } from './collection.js';

/** So many of the newest are kept, each with so much of its text; the stream keeps them whole. */
export const DEAD_LETTERS_KEPT = 1_000;
const TEXT_LENGTH = 4_096;

/** The newest frames that could not be read. Pure. */
export class DeadLetters {
  readonly kept = new Collection<DeadLetter>('newest', DEAD_LETTERS_KEPT);
  /** Live letters wait for those of the past, so that the list is in the order in which they came. */
  private waiting: DeadLetter[] | null = [];

  onLive(letter: DeadLetter): void {
    if (this.waiting === null) this.put(letter);
    else if (this.waiting.length < DEAD_LETTERS_KEPT) this.waiting.push(letter);
  }

  /** One of the past, oldest first. */
  onPast(letter: DeadLetter): void {
    this.put(letter);
  }

  /** Nothing more of the past comes. */
  onPastRead(): void {
    for (const letter of this.waiting ?? []) this.put(letter);
    this.waiting = null;
  }

  private put(letter: DeadLetter): void {
    const { venue, connection, frame, place, text } = letter;
    const cut = text.length > TEXT_LENGTH ? { ...letter, text: text.slice(0, TEXT_LENGTH), truncated: true } : letter;
    this.kept.put(`${venue}.${connection}.${frame}.${place}`, cut);
  }
}

/** Whether a letter is of a symbol; one whose symbol could not be told is, when its text names the symbol as its venue writes it. */
export function isOfSymbol(letter: DeadLetter, symbol: string, instrumentOf: (venue: string) => InstrumentSpecification | undefined): boolean {
  if (letter.symbol !== null) return letter.symbol === symbol;
  const written = instrumentOf(letter.venue)?.venueSymbol;
  return written !== undefined && letter.text.toLowerCase().includes(`"${written.toLowerCase()}`);
}
