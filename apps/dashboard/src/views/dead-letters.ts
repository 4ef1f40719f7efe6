import type { DeadLetter, VenueHealth } from '@parallax/types';
import * as api from '../api.js';
import { make, setText, type Row } from '../dom.js';
import type { ListStanding } from '../entities.js';
import { timeOf } from '../format.js';
import { browserUs } from '../system-time.js';
import { Panel } from './panel.js';

const SHOWN = 6;
/** Read again when a venue counts more of them, and at times in any case; never more often than the first of these. */
const LEAST_US = 2_000_000;
const MOST_US = 30_000_000;

/** The newest frames that could not be read: what was wrong, and where. Their text is in the row's title. */
export class DeadLettersView {
  private readonly panel: Panel<DeadLetter>;
  /** Null: not read from the gateway yet, or not to be read. */
  private letters: readonly DeadLetter[] | null = null;
  private counted = -1;
  private readAtUs = -MOST_US;

  constructor(private readonly note: HTMLElement) {
    const keyOf = ({ venue, connection, frame, place }: DeadLetter): string => `${venue}.${connection}.${frame}.${place}`;
    this.panel = new Panel('dead-letters', keyOf, letterRow, 'Every frame could be read.');
  }

  show(venues: readonly VenueHealth[], standing: ListStanding): void {
    const unread = { known: false, why: 'they have not been read from the gateway', sinceUs: 0 };
    this.panel.show(this.letters ?? [], standing.known && this.letters === null ? unread : standing);
    if (!standing.known) return;
    const count = venues.reduce((sum, { deadLetters }) => sum + (deadLetters ?? 0), 0);
    const sinceUs = browserUs() - this.readAtUs;
    if (sinceUs < LEAST_US || (count === this.counted && sinceUs < MOST_US)) return;
    this.counted = count;
    this.readAtUs = browserUs();
    void this.read();
  }

  private async read(): Promise<void> {
    try {
      this.letters = await api.deadLetters(SHOWN);
      setText(this.note, 'newest first');
    } catch {
      this.letters = null;
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
