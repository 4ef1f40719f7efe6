import type { DeadLetter, VenueHealth } from '@parallax/types';
import * as api from '../api.js';
import { KeyedRows, make, setText, type Row } from '../dom.js';
import { timeOf } from '../format.js';
import { browserUs } from '../system-time.js';

const SHOWN = 6;
/** Read again when a venue counts more of them, and at times in any case; never more often than the first of these. */
const LEAST_US = 2_000_000;
const MOST_US = 30_000_000;

/** The newest frames that could not be read: what was wrong, and where. Their text is in the row's title. */
export class DeadLettersView {
  private readonly rows: KeyedRows<DeadLetter>;
  private counted = -1;
  private readAtUs = -MOST_US;

  constructor(
    parent: HTMLElement,
    private readonly note: HTMLElement,
  ) {
    const keyOf = ({ venue, connection, frame, place }: DeadLetter): string => `${venue}.${connection}.${frame}.${place}`;
    this.rows = new KeyedRows(parent, keyOf, letterRow, 'Every frame could be read.');
  }

  show(venues: readonly VenueHealth[]): void {
    const count = venues.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
    const sinceUs = browserUs() - this.readAtUs;
    if (sinceUs < LEAST_US || (count === this.counted && sinceUs < MOST_US)) return;
    this.counted = count;
    this.readAtUs = browserUs();
    void this.read();
  }

  private async read(): Promise<void> {
    try {
      this.rows.show(await api.deadLetters(SHOWN));
      setText(this.note, 'newest first');
    } catch {
      setText(this.note, 'cannot be read from the gateway now');
    }
  }
}

function letterRow(): Row<DeadLetter> {
  const tag = make('span', 'tag quiet');
  const text = make('span', 'grow wrap');
  const time = make('span', 'number dim');
  const element = make('li', 'line', tag, text, time);
  return {
    element,
    update: ({ venue, symbol, kind, connection, frame, reason, place, receivedAtUs, text: content }) => {
      setText(tag, venue);
      setText(text, `${symbol === null ? '' : `${symbol}: `}${reason}, at ${place}`);
      element.title = `${kind === 'snapshot' ? 'snapshot' : `frame ${frame} of connection ${connection}`}: ${content.slice(0, 500)}`;
      setText(time, timeOf(receivedAtUs));
    },
  };
}
