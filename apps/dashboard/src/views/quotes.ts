import { serverUs } from '../clock.js';
import { KeyedRows, make, setClass, setText, type Row } from '../dom.js';
import type { Quote } from '../entities.js';
import { age, grouped, short } from '../format.js';

const MOST_SYMBOLS = 24;
/** Prices of more characters are written smaller where the window is narrow: none is cut, nor wrapped without need. */
const LONG = 10;
const LONGER = 13;
/** The cause by which the gateway marks a quote from before its start. */
const REMEMBERED = 'remembered';
interface Group {
  readonly symbol: string;
  readonly quotes: Quote[];
  /** Whether anybody tells of trust at this moment. */
  readonly told: boolean;
  readonly bestBid: number;
  readonly bestAsk: number;
}

/** Every symbol with its venues beside each other: best prices marked, trust in words, age of change and of proof. */
export class QuotesView {
  private readonly groups: KeyedRows<Group>;
  private chosen = '';

  constructor(
    parent: HTMLElement,
    private readonly filter: HTMLInputElement,
    private readonly onChoose: (quote: Quote) => void,
  ) {
    this.groups = new KeyedRows(parent, ({ symbol }) => symbol, (group) => this.groupRow(group), 'No quotes, or none that the filter lets through.');
  }

  /** Shows which instrument's book is open beside. */
  choose(quote: Quote): void {
    this.chosen = `${quote.venue}:${quote.symbol}`;
    this.onChoose(quote);
  }

  show(quotes: readonly Quote[], told: boolean): void {
    if (this.chosen === '' && quotes.length > 0) this.choose(quotes.find(({ base }) => base === 'BTC') ?? quotes[0]);
    const wanted = this.filter.value.trim().toLowerCase();
    const bySymbol = new Map<string, Quote[]>();
    for (const quote of quotes) {
      if (wanted !== '' && !`${quote.symbol} ${quote.venue}`.toLowerCase().includes(wanted)) continue;
      bySymbol.set(quote.symbol, [...(bySymbol.get(quote.symbol) ?? []), quote]);
    }
    const groups = [...bySymbol].map(([symbol, own]) => groupOf(symbol, own, told));
    groups.sort((a, b) => b.quotes.length - a.quotes.length || a.symbol.localeCompare(b.symbol));
    this.groups.show(groups.slice(0, MOST_SYMBOLS));
  }

  private groupRow(first: Group): Row<Group> {
    const edge = make('span', 'note');
    const head = make('tr', '', ...HEADINGS.map(([name, className]) => heading(name, className)));
    const body = make('tbody');
    const caption = make('caption', '', make('strong', '', first.symbol), edge);
    const table = make('table', 'quotes', caption, make('thead', '', head), body);
    const rows = new KeyedRows<{ quote: Quote; group: Group }>(body, ({ quote }) => quote.venue, ({ quote }) => this.quoteRow(quote));
    return {
      element: table,
      update: (group) => {
        setText(edge, crossText(group));
        rows.show(group.quotes.map((quote) => ({ quote, group })));
      },
    };
  }

  private quoteRow(first: Quote): Row<{ quote: Quote; group: Group }> {
    const open = make('button', 'link', first.venue);
    open.type = 'button';
    open.setAttribute('aria-label', `Show the book of ${first.symbol} at ${first.venue}`);
    let shown = first;
    open.addEventListener('click', () => this.choose(shown));
    const venue = make('th', '', open);
    venue.scope = 'row';
    const cells = HEADINGS.slice(1).map(([, className]) => make('td', className));
    const [trustCell, bidSize, bid, ask, askSize, spread, ageCell] = cells;
    const trust = make('span', 'trust');
    trustCell.append(trust);
    const element = make('tr', '', venue, ...cells);
    const before = { bid: '', ask: '' };
    return {
      element,
      update: ({ quote, group }) => {
        shown = quote;
        const trusted = group.told && quote.trust === 'synced';
        setClass(element, `${trusted ? '' : 'untrusted'} ${this.chosen === `${quote.venue}:${quote.symbol}` ? 'chosen' : ''}`);
        setClass(trust, `trust ${group.told ? quote.trust : 'stale'}`);
        setText(trust, quote.cause === REMEMBERED ? REMEMBERED : group.told ? quote.trust : 'unknown');
        trust.title = group.told ? `${quote.trust}: ${quote.cause}` : `${quote.trust} was told last: normalisation is not heard`;
        moved(bid, quote.bid?.price ?? '', before, 'bid', trusted && Number(quote.bid?.price) === group.bestBid);
        moved(ask, quote.ask?.price ?? '', before, 'ask', trusted && Number(quote.ask?.price) === group.bestAsk);
        setText(bidSize, quote.bid ? short(quote.bid.size, 4) : '–');
        setText(askSize, quote.ask ? short(quote.ask.size, 4) : '–');
        setText(spread, spreadOf(quote));
        setText(ageCell, age(serverUs() - quote.changedAtUs));
        ageCell.title = `last change ${age(serverUs() - quote.changedAtUs)} ago, ${quote.provenAtUs === null ? 'no proof of life yet' : `last proof of life ${age(serverUs() - quote.provenAtUs)} ago`}`;
      },
    };
  }
}

const HEADINGS: readonly (readonly [string, string])[] = [
  ['Venue', ''],
  ['Trust', 'left'],
  ['Size', 'number wideonly'],
  ['Bid', 'number price bid'],
  ['Ask', 'number price ask'],
  ['Size', 'number wideonly'],
  ['Spread', 'number wideonly'],
  ['Age', 'number age'],
];

function heading(name: string, className: string): HTMLElement {
  const cell = make('th', className, name);
  cell.scope = 'col';
  return cell;
}

function groupOf(symbol: string, quotes: Quote[], told: boolean): Group {
  const trusted = told ? quotes.filter(({ trust }) => trust === 'synced') : [];
  return {
    symbol,
    told,
    quotes: quotes.toSorted((a, b) => a.venue.localeCompare(b.venue)),
    bestBid: Math.max(...trusted.map(({ bid }) => Number(bid?.price ?? 0))),
    bestAsk: Math.min(...trusted.map(({ ask }) => (ask ? Number(ask.price) : Infinity))),
  };
}

/** How far the best bid of one venue stands above the best ask of another, before any cost. */
function crossText({ bestBid, bestAsk, quotes }: Group): string {
  if (quotes.length < 2 || !(bestBid > 0) || !Number.isFinite(bestAsk)) return '';
  const bps = ((bestBid - bestAsk) / bestAsk) * 10_000;
  return bps > 0 ? `venues cross by ${bps.toFixed(1)} bps before costs` : `best spread ${(-bps).toFixed(1)} bps`;
}

function moved(cell: HTMLElement, price: string, before: Record<'bid' | 'ask', string>, side: 'bid' | 'ask', best: boolean): void {
  const known = before[side];
  before[side] = price;
  showPrice(cell, price === '' ? '–' : grouped(price));
  const turn = known === '' || known === price ? '' : Number(price) > Number(known) ? 'up' : 'down';
  if (turn !== '') {
    cell.dataset.turn = '';
    requestAnimationFrame(() => void (cell.dataset.turn = turn));
  }
  setClass(cell, `number price ${side} ${best ? 'best' : ''} ${price.length > LONGER ? 'longer' : price.length > LONG ? 'long' : ''}`);
}

/** A price that needs two lines where the window is narrow breaks at its point, and nowhere else. */
function showPrice(cell: HTMLElement, text: string): void {
  if (cell.textContent === text) return;
  const point = text.indexOf('.') + 1;
  if (text.length > LONGER && point > 0) cell.replaceChildren(text.slice(0, point), make('wbr'), text.slice(point));
  else cell.textContent = text;
}

function spreadOf({ bid, ask }: Quote): string {
  if (!bid || !ask) return '–';
  const middle = (Number(bid.price) + Number(ask.price)) / 2;
  return `${(((Number(ask.price) - Number(bid.price)) / middle) * 10_000).toFixed(2)} bps`;
}
