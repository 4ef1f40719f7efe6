import type { Profit } from '@parallax/types';
import { serverUs } from '../clock.js';
import { make, setClass, setText, type Row } from '../dom.js';
import { age, money, short } from '../format.js';

/** Execution tells profit each second. After so long without a word nobody knows what is worth what. */
const SILENT_US = 5_000_000;

/** One line about what is not in the realised profit. */
export interface OpenLine {
  readonly key: string;
  readonly tag: string;
  readonly tone: string;
  readonly text: string;
  readonly value: string;
  readonly valueTone: string;
  readonly title: string;
}

/**
 * Profit with what stands open, as far as it is known now: `total` and `open` are null where it is not. `amount` is what may
 * be shown in their place, and `of` says of what.
 */
export function standingOf({ realised, open, openProfit, total, atUs }: Profit): { total: string | null; open: string | null; amount: string; of: string } {
  const known = open.length === 0 || (total !== null && serverUs() - atUs <= SILENT_US);
  const of = open.length === 0 ? 'realised' : known ? 'with what is open' : 'realised, open unknown';
  return known && total !== null ? { total, open: openProfit, amount: total, of } : { total: null, open: null, amount: realised, of };
}

type Rest = Pick<OpenLine, 'key' | 'value' | 'valueTone' | 'title'>;
const restOf = ({ account, currency }: Profit, kind: string, name: string): Rest =>
  ({ key: `${account} ${currency} ${kind} ${name}`, value: '', valueTone: '', title: '' });
const ownerOf = ({ account, currency }: Profit, profits: readonly Profit[]): string => (profits.length > 1 ? ` (${account}, ${currency})` : '');

/** Whatever stands alone, in every account and currency. */
export function openLegs(profits: readonly Profit[]): OpenLine[] {
  return profits.flatMap((profit) => {
    const silentUs = serverUs() - profit.atUs;
    return profit.open.map(({ base, size, cost, instrument, value, mark, markedBy }): OpenLine => {
      const bought = !size.startsWith('-');
      const gain = value === null ? null : Number(value) - Number(cost);
      const known = gain !== null && silentUs <= SILENT_US;
      return {
        ...restOf(profit, 'open', base), tag: 'alone', tone: 'warn',
        text: `${short(size.replace('-', ''), 6)} ${base} ${bought ? 'bought' : 'sold'} for ${money(cost.replace('-', ''))} ${profit.currency}${ownerOf(profit, profits)}`,
        value: known ? `${money(String(gain), true)} now` : 'worth unknown', valueTone: known ? (gain < 0 ? 'loss' : 'gain') : 'warn',
        title: [
          `last traded at ${instrument}`,
          silentUs > SILENT_US ? `execution has said nothing for ${age(silentUs)}` : mark === null ? 'no quote to believe' : `marked at ${mark} by ${markedBy}`,
        ].join('; '),
      };
    });
  });
}

/** What else is in no profit: dust, fees in other currencies, and what other accounts and currencies brought. */
export function linesOf(profits: readonly Profit[]): OpenLine[] {
  return profits.flatMap((profit) => {
    const whose = ownerOf(profit, profits);
    const dust = profit.dust.map(({ venue, symbol, size }): OpenLine => ({
      ...restOf(profit, 'dust', `${venue} ${symbol}`), tag: 'dust', tone: 'quiet',
      text: `${short(size.replace('-', ''), 8)} of ${symbol} ${size.startsWith('-') ? 'sold' : 'bought'} at ${venue}, too little for an order${whose}`,
    }));
    const fees = Object.entries(profit.otherFees).map(([currency, amount]): OpenLine => ({
      ...restOf(profit, 'fee', currency), tag: 'fees', tone: 'quiet', text: `${short(amount.replace('-', ''), 8)} ${currency}, not in the profit${whose}`,
    }));
    const also = profit === profits[0] ? [] : [profit];
    const sums = also.map((one): OpenLine => ({
      ...restOf(profit, 'sum', ''), tag: 'also', tone: 'quiet', text: `account ${one.account}, in ${one.currency}, ${standingOf(one).of}`, value: money(standingOf(one).amount, true),
    }));
    return [...dust, ...fees, ...sums];
  });
}

export function openLine(): Row<OpenLine> {
  const tag = make('span');
  const text = make('span', 'grow wrap');
  const value = make('span');
  const element = make('li', 'line', tag, text, value);
  return {
    element,
    update: (line) => {
      setText(tag, line.tag);
      setClass(tag, `tag ${line.tone}`);
      setText(text, line.text);
      setText(value, line.value);
      setClass(value, `number ${line.valueTone}`);
      element.title = line.title;
    },
  };
}
