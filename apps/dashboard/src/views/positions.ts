import type { InstrumentSpecification, Position, ServiceHealth } from '@parallax/types';
import { averageText } from '../decimals.js';
import { make, setClass, setText, type Row } from '../dom.js';
import type { Alert, Quote } from '../entities.js';
import { grouped, momentOf, money, short } from '../format.js';
import { openProfitOf, type OpenProfit } from '../open-position.js';
import type { OpenLine } from './open-lots.js';

/** A position with what it is worth now. */
export interface PositionLine {
  readonly position: Position;
  /** Undefined: not known. */
  readonly instrument: InstrumentSpecification | undefined;
  readonly profit: OpenProfit;
}

export function positionLine(
  position: Position, instruments: ReadonlyMap<string, InstrumentSpecification>, quotes: ReadonlyMap<string, Quote>, isTrustTold: boolean, nowUs: number,
): PositionLine {
  const key = `${position.venue}:${position.symbol}`;
  const instrument = instruments.get(key);
  return { position, instrument, profit: openProfitOf(position, instrument, quotes.get(key), isTrustTold, nowUs) };
}

export const positionKey = ({ position: { account, strategy, venue, symbol } }: PositionLine): string => [account, strategy, venue, symbol].join(' ');

export function positionRow(): Row<PositionLine> {
  const tag = make('span', 'tag');
  const text = make('span', 'grow');
  const price = make('span', 'number dim');
  const value = make('span');
  const element = make('li', 'line', tag, text, price, value);
  return {
    element,
    update: ({ position: { account, strategy, venue, symbol, size, averagePrice, realised, fees, currency, updatedAtUs }, instrument, profit }) => {
      const isShort = size.startsWith('-');
      setText(tag, isShort ? 'short' : 'long');
      setClass(tag, `tag ${isShort ? 'asktone' : 'bidtone'}`);
      setText(text, `${short(size.replace('-', ''), 6)} ${symbol} at ${venue}`);
      setText(price, averagePrice === null ? '' : `at ${grouped(averageText(averagePrice, instrument))}`);
      price.title = averagePrice === null ? '' : `average price, exactly ${averagePrice}`;
      const { amount, why } = profit;
      setText(value, amount === null ? 'worth unknown' : `${money(String(amount), true)} ${currency}`);
      setClass(value, `number ${amount === null ? 'warn' : amount < 0 ? 'loss' : 'gain'}`);
      element.title = `${why}; account ${account}, ${strategy}; realised ${money(realised, true)}, fees ${money(fees)} ${currency}; last traded ${momentOf(updatedAtUs)}`;
    },
  };
}

/** What execution calls a plan that waits for a way out, among its troubles. */
const WAITING = 'exit.';
/** What monitoring calls a plan that ended uneven. */
const PLAN = 'plan.';

/** Plans of which one leg stands alone: those that wait for a way out, as execution says, and those that ended so, as monitoring says. */
export function unevenPlans(services: readonly ServiceHealth[], standing: readonly Alert[]): OpenLine[] {
  const waiting = services.flatMap(({ service, instance, troubles = [] }) =>
    service !== 'execution' ? [] : troubles.filter(({ key }) => key.startsWith(WAITING)).map(({ key, summary }): OpenLine => (
      { key: `${instance} ${key}`, tag: 'waits', tone: 'warn', text: summary, value: '', valueTone: '', title: 'execution looks for a way out' })));
  const ended = standing.filter(({ subject }) => subject.startsWith(PLAN)).map(({ id, summary, sinceUs }): OpenLine => (
    { key: id, tag: 'uneven', tone: 'bad', text: summary, value: `since ${momentOf(sinceUs)}`, valueTone: 'dim', title: 'POST /api/v1/risk/evened ends it by hand' }));
  return [...ended, ...waiting];
}
