import { BOOK_COLUMNS, BookChange, LEVEL_COLUMNS, Trust, type Row } from '@parallax/types';
import type { BookReader } from './book.js';
import { DeltaBuffer } from './delta-buffer.js';
import { LadderBook } from './ladder-book.js';
import { Side } from './side.js';

/**
 * A reader's own copy of a published book: starts with a keyframe, follows the chain of changes, and knows when it has
 * lost it. What it shows is a book only while {@link inStep}; trust is the quote's matter.
 */
export class BookFollower {
  readonly book: LadderBook;
  /** True while every change since the last keyframe has been applied. */
  inStep = false;
  /** How often the chain broke. */
  breaks = 0;
  private lastId = 0;
  /** Whose chain it is: ids of two writers have nothing to do with each other. */
  private writer = 0;
  /** The last change that could not be applied: where the book is to be joined, at the earliest. */
  private passedOver = 0;
  /** Those changes themselves, as long as the book is out of step. */
  private readonly missed = new DeltaBuffer();

  constructor(priceStep: number) {
    this.book = new LadderBook(priceStep);
  }

  /** The book, or null while the chain is broken. */
  get reader(): BookReader | null {
    return this.inStep ? this.book : null;
  }

  /** Applies a row of {@link BookChange}; false means that the chain is broken and a keyframe is wanted. */
  apply(row: Row): boolean {
    if (row[BookChange.epoch] !== this.writer) this.turnTo(row[BookChange.epoch]);
    if (row[BookChange.keyframe] === 1) return this.begin(row);
    if (this.inStep && row[BookChange.previousId] === this.lastId) {
      this.write(row);
      return true;
    }
    // What a keyframe contained already, changes nothing.
    if (this.inStep && row[BookChange.lastId] <= this.lastId) return true;
    if (this.inStep) this.breaks++;
    this.inStep = false;
    this.passedOver = Math.max(this.passedOver, row[BookChange.lastId]);
    this.missed.keep(row);
    return false;
  }

  private turnTo(writer: number): void {
    this.writer = writer;
    if (this.inStep) this.breaks++;
    this.lose();
  }

  /** Begins with a keyframe. One that was asked for may be older than changes which followed it: those go on from it. */
  private begin(row: Row): boolean {
    const id = row[BookChange.lastId];
    if (this.inStep && id < this.lastId) return true;
    const following = id < this.passedOver ? this.missed.after(id) : [];
    if (id < this.passedOver && following.length === 0) return false;
    this.book.clear();
    this.write(row);
    this.missed.clear();
    this.inStep = row[BookChange.trust] !== Trust.resyncing;
    for (const change of following) this.apply(change);
    return this.inStep;
  }

  private write(row: Row): void {
    this.lastId = row[BookChange.lastId];
    const asksFrom = BOOK_COLUMNS + row[BookChange.bidCount] * LEVEL_COLUMNS;
    const end = asksFrom + row[BookChange.askCount] * LEVEL_COLUMNS;
    for (let at = BOOK_COLUMNS; at < asksFrom; at += LEVEL_COLUMNS) this.book.set(Side.bid, row[at], row[at + 1]);
    for (let at = asksFrom; at < end; at += LEVEL_COLUMNS) this.book.set(Side.ask, row[at], row[at + 1]);
    if (row[BookChange.depthLimit] > 0) this.book.truncate(row[BookChange.depthLimit]);
  }

  /** The book behind is lost (its quote said so): wait for the next keyframe. */
  lose(): void {
    this.inStep = false;
    this.passedOver = 0;
    this.missed.clear();
    this.book.clear();
  }
}
