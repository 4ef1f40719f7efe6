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

/** Whatever stands alone, in every account and currency, then dust, then fees in other currencies. */
export function linesOf(profits: readonly Profit[]): OpenLine[] {
  const several = profits.length > 1;
  return profits.flatMap((profit) => {
    const silentUs = serverUs() - profit.atUs;
    const whose = several ? ` (${profit.account}, ${profit.currency})` : '';
    const line = (kind: string, name: string): Pick<OpenLine, 'key' | 'value' | 'valueTone' | 'title'> =>
      ({ key: `${profit.account} ${profit.currency} ${kind} ${name}`, value: '', valueTone: '', title: '' });
    const lots = profit.open.map(({ base, size, cost, instrument, value, mark, markedBy }): OpenLine => {
      const bought = !size.startsWith('-');
      const gain = value === null ? null : Number(value) - Number(cost);
      const known = gain !== null && silentUs <= SILENT_US;
      return {
        ...line('open', base), tag: 'alone', tone: 'warn',
        text: `${short(size.replace('-', ''), 6)} ${base} ${bought ? 'bought' : 'sold'} for ${money(cost.replace('-', ''))} ${profit.currency}${whose}`,
        value: known ? `${money(String(gain), true)} now` : 'worth unknown', valueTone: known ? (gain < 0 ? 'loss' : 'gain') : 'warn',
        title: [
          `last traded at ${instrument}`,
          silentUs > SILENT_US ? `execution has said nothing for ${age(silentUs)}` : mark === null ? 'no quote to believe' : `marked at ${mark} by ${markedBy}`,
        ].join('; '),
      };
    });
    const dust = profit.dust.map(({ venue, symbol, size }): OpenLine => ({
      ...line('dust', `${venue} ${symbol}`), tag: 'dust', tone: 'quiet',
      text: `${short(size.replace('-', ''), 8)} of ${symbol} ${size.startsWith('-') ? 'sold' : 'bought'} at ${venue}, too little for an order${whose}`,
    }));
    const fees = Object.entries(profit.otherFees).map(([currency, amount]): OpenLine => ({
      ...line('fee', currency), tag: 'fees', tone: 'quiet', text: `${short(amount.replace('-', ''), 8)} ${currency}, not in the profit${whose}`,
    }));
    const also = several && profit !== profits[0] ? [profit] : [];
    const sums = also.map((one): OpenLine => ({
      ...line('sum', ''), tag: 'also', tone: 'quiet', text: `account ${one.account}, in ${one.currency}, ${standingOf(one).of}`, value: money(standingOf(one).amount, true),
    }));
    return [...lots, ...dust, ...fees, ...sums];
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
