import type { Fill, LimitDifference, Order } from '@parallax/types';
import { serverUs } from '../clock.js';
import { make, setClass, setText, type Row } from '../dom.js';
import type { Regime, Verdict } from '../entities.js';
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

/** What is unusual first, then by symbol and venue. */
export function byUrgency(a: Regime, b: Regime): number {
  const usual = ({ regime }: Regime): number => Number(regime === 'NORMAL');
  return usual(a) - usual(b) || a.symbol.localeCompare(b.symbol) || a.venue.localeCompare(b.venue);
}

export function regimeRow(): Row<Regime> {
  const { element, tag, text, value, time } = line();
  return {
    element,
    update: ({ venue, symbol, regime, confidence, strength, enteredAtUs, atUs, remembered }) => {
      const [name, tone] = REGIMES[regime];
      setText(tag, name);
      setClass(tag, remembered ? 'tag' : `tag ${tone}`);
      setText(text, `${symbol} at ${venue}`);
      setText(value, remembered ? `remembered, told ${age(serverUs() - atUs)} ago` : `${Math.round(confidence * 100)} % sure`);
      element.title = `strength ${strength.toFixed(1)}`;
      setText(time, age(serverUs() - enteredAtUs));
    },
  };
}
