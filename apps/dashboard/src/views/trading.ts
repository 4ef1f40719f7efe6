import type { Fill, LimitDifference, Order } from '@parallax/types';
import { serverUs } from '../clock.js';
import { make, setClass, setText, type Row } from '../dom.js';
import type { Quote, Regime, Verdict } from '../entities.js';
import { age, grouped, money, short, timeOf } from '../format.js';

const STATES: Record<string, string> = { partiallyFilled: 'part filled' };
const TONES: Record<string, string> = { filled: 'good', rejected: 'bad', expired: 'quiet', cancelled: 'quiet' };

/** One line of a list: a tag, what it is about, and numbers at the right. */
function line(): { element: HTMLElement; tag: HTMLElement; text: HTMLElement; value: HTMLElement; time: HTMLElement } {
  const tag = make('span', 'tag');
  const text = make('span', 'grow');
  const value = make('span', 'number');
  const time = make('span', 'number dim');
  return { element: make('li', 'line', tag, text, value, time), tag, text, value, time };
}

export function orderRow(): Row<Order> {
  const { element, tag, text, value, time } = line();
  return {
    element,
    update: ({ state, side, venue, symbol, size, price, filledSize, purpose, updatedAtUs, reason }) => {
      setText(tag, STATES[state] ?? state);
      setClass(tag, `tag ${TONES[state] ?? 'warn'}`);
      setText(text, `${purpose === 'leg' ? '' : `${purpose}: `}${side} ${short(size, 5)} ${symbol.split(':')[0]} at ${venue}`);
      element.title = `${short(filledSize, 6)} of ${short(size, 6)} filled${reason ? `; ${reason}` : ''}`;
      setText(value, grouped(price));
      setText(time, timeOf(updatedAtUs));
    },
  };
}

export function fillRow(): Row<Fill> {
  const { element, tag, text, value, time } = line();
  return {
    element,
    update: ({ side, venue, symbol, size, price, fee, feeCurrency, liquidity, atUs }) => {
      setText(tag, side === 'buy' ? 'bought' : 'sold');
      setClass(tag, `tag ${side === 'buy' ? 'bidtone' : 'asktone'}`);
      setText(text, `${short(size, 5)} ${symbol.split(':')[0]} at ${venue}`);
      element.title = `${liquidity}, fee ${money(fee)} ${feeCurrency}`;
      setText(value, grouped(price));
      setText(time, timeOf(atUs));
    },
  };
}

export function verdictRow(): Row<Verdict> {
  const { element, tag, text, value, time } = line();
  return {
    element,
    update: ({ kind, refusals, notional, currency, atUs }) => {
      setText(tag, kind);
      setClass(tag, `tag ${kind === 'approved' ? 'good' : 'bad'}`);
      setText(text, kind === 'approved' ? 'legs and exits' : [...new Set(refusals.map(({ code }) => code))].join(', '));
      text.classList.toggle('code', kind === 'refused');
      element.title = refusals.map((one) => `${one.detail}${one.measured ? ` (${one.measured}, allowed ${one.allowed})` : ''}`).join('; ');
      setText(value, notional === null ? '' : `${money(notional)} ${currency}`);
      setText(time, timeOf(atUs));
    },
  };
}

/** A limit that counts otherwise than the configuration says. */
export function limitRow(): Row<LimitDifference> {
  const tag = make('span', 'tag warn', 'limit');
  const text = make('span', 'grow wrap');
  const element = make('li', 'line', tag, text);
  element.title = 'Limits in shared state win over the configuration; POST /api/v1/risk/limits changes them.';
  return {
    element,
    update: ({ account, name, configured, standing }) => {
      setText(text, `${name} of ${account} stands at ${plain(standing)}, configured is ${plain(configured)}`);
    },
  };
}

/** A limit that is a table comes as JSON. */
const plain = (value: string): string => value.replace(/["{}]/g, '').replaceAll(':', ' ').replaceAll(',', ', ');

const REGIMES: Record<string, readonly [string, string]> = {
  NORMAL: ['normal', 'good'],
  HIGH_VOLATILITY: ['volatile', 'warn'],
  FLASH_CRASH: ['crash', 'bad'],
  FLASH_PUMP: ['pump', 'bad'],
};

/** A market of which there are quotes, and no regime was ever heard. */
interface Unjudged {
  readonly venue: string;
  readonly symbol: string;
  readonly horizon: '1m';
  readonly regime: null;
}
export type RegimeLine = Regime | Unjudged;

/** What is known to be unusual first, then what is unknown, then what is calm; by symbol and venue. Not `isHeld`: all of it is what was. */
export function regimeLines(told: readonly Regime[], quotes: readonly Quote[], isHeld: boolean): RegimeLine[] {
  const regimes = isHeld ? told : told.map((regime) => ({ ...regime, known: false }));
  const judged = new Set(regimes.map(({ venue, symbol }) => `${venue}:${symbol}`));
  const unjudged = quotes.filter(({ venue, symbol }) => !judged.has(`${venue}:${symbol}`));
  const rank = (shown: RegimeLine): number => (shown.regime === null || !shown.known ? 1 : shown.regime === 'NORMAL' ? 2 : 0);
  return [...regimes, ...unjudged.map(({ venue, symbol }): Unjudged => ({ venue, symbol, horizon: '1m', regime: null }))].sort(
    (a, b) => rank(a) - rank(b) || a.symbol.localeCompare(b.symbol) || a.venue.localeCompare(b.venue),
  );
}

export function regimeRow(): Row<RegimeLine> {
  const { element, tag, text, value, time } = line();
  const show = (name: string, tone: string, now: string, title: string, since: string): void => {
    setText(tag, name);
    setClass(tag, `tag ${tone}`);
    setText(value, now);
    element.title = title;
    setText(time, since);
  };
  return {
    element,
    update: (shown) => {
      setText(text, `${shown.symbol} at ${shown.venue}`);
      if (shown.regime === null) return show('unknown', '', 'none was told yet', NOTHING_NEW, '');
      const { regime, confidence, strength, enteredAtUs, atUs, remembered, known } = shown;
      const [name, tone] = REGIMES[regime];
      if (known) return show(name, tone, `${Math.round(confidence * 100)} % sure`, `strength ${strength.toFixed(1)}`, age(serverUs() - enteredAtUs));
      show('unknown', '', `${name} ${remembered ? 'is remembered' : 'was told last'}, ${age(serverUs() - atUs)} ago`, NOTHING_NEW, '');
    },
  };
}

const NOTHING_NEW = 'While a market’s regime is not known, risk allows nothing there that adds exposure.';
