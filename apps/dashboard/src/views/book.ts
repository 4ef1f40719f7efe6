import * as api from '../api.js';
import { KeyedRows, make, setClass, setText, type Row } from '../dom.js';
import type { Book, Quote } from '../entities.js';
import { grouped, short } from '../format.js';
import { after } from '../system-time.js';

const DEPTH = 10;
const EVERY_MS = 1_000;
interface Line {
  readonly key: string;
  readonly side: 'bid' | 'ask';
  readonly price: string;
  readonly size: string;
  readonly share: number;
}

/** The chosen instrument's depth, read from its writer once a second while the page is looked at. */
export class BookView {
  private quote: Quote | null = null;
  private readonly rows: KeyedRows<Line>;
  private readonly message = make('p', 'empty', 'Choose a venue.');

  constructor(
    private readonly parent: HTMLElement,
    private readonly title: HTMLElement,
  ) {
    const body = make('tbody');
    const caption = make('caption', 'unseen', 'Bids and asks by price');
    const head = make('tr', '', ...['Price', 'Size'].map((name) => make('th', 'number', name)));
    parent.append(this.message, make('table', 'depth', caption, make('thead', '', head), body));
    this.rows = new KeyedRows(body, ({ key }) => key, lineRow);
    void this.round();
  }

  open(quote: Quote): void {
    this.quote = quote;
    setText(this.title, `${quote.symbol} at ${quote.venue}`);
    void this.read();
  }

  private async round(): Promise<void> {
    if (!document.hidden) await this.read();
    after(EVERY_MS, () => void this.round());
  }

  private async read(): Promise<void> {
    const asked = this.quote;
    if (!asked) return;
    let book: Book | null = null;
    let problem = '';
    try {
      book = await api.book(asked.venue, asked.symbol, DEPTH);
    } catch (error) {
      problem = error instanceof TypeError ? 'The gateway does not answer.' : (error as Error).message;
    }
    if (this.quote !== asked) return;
    this.parent.classList.toggle('old', problem !== '');
    setText(this.message, problem || trustText(book!));
    setClass(this.message, problem ? 'empty' : `note trust ${book!.trust}`);
    if (book) this.rows.show(linesOf(book));
  }
}

const trustText = ({ trust, levels }: Book): string => `${trust}, ${levels.bids} bids and ${levels.asks} asks`;

function linesOf({ bids, asks }: Book): Line[] {
  const largest = Math.max(...[...bids, ...asks].map(({ size }) => Number(size)));
  const line = (side: 'bid' | 'ask') => ({ price, size }: { price: string; size: string }, index: number): Line => ({
    key: `${side}${index}`, side, price, size, share: Number(size) / largest,
  });
  return [...asks.map(line('ask')).toReversed(), ...bids.map(line('bid'))];
}

function lineRow({ side }: Line): Row<Line> {
  const price = make('td', `number price ${side}`);
  const size = make('td', 'number');
  const element = make('tr', side, price, size);
  return {
    element,
    update: (line) => {
      setText(price, grouped(line.price));
      setText(size, short(line.size, 5));
      element.style.setProperty('--share', `${(line.share * 100).toFixed(0)}%`);
    },
  };
}
