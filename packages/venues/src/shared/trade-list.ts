import { partOf, type Emit } from './guarded.js';
import { objectAt, type JsonObject } from './plain.js';
import type { FrameSink } from './reader.js';
import { TradesUpdate } from './updates.js';

/** A trade of a list; `id` may be beyond 2^53, then it is only good for order. */
export interface OneTrade {
  readonly instrument: number;
  readonly id: number;
  readonly price: number;
  readonly size: number;
  /** The taker's: 1 bought, -1 sold. */
  readonly side: 1 | -1;
  readonly exchangeAtUs: number;
}

export interface TradeList {
  /** Where in the frame the list stands. */
  readonly place: string;
  readonly snapshot: boolean;
  readonly newestFirst: boolean;
  /** -1 where each trade names its own. */
  readonly instrument: number;
  readonly read: (entry: JsonObject, place: string) => OneTrade;
}

/** Reads a list of trades: each run of one instrument becomes an update, oldest first, and a trade that cannot be read a refusal. */
export function tradesOf(sink: FrameSink, entries: readonly unknown[], { place, snapshot, newestFirst, instrument, read }: TradeList): Emit[] {
  const emits: Emit[] = [];
  let run: OneTrade[] = [];
  entries.forEach((value, index) => {
    const at = `${place}[${index}]`;
    const trade = partOf(sink, emits, { isBook: false, instrument }, () => read(objectAt(value, at), at));
    if (trade === undefined) return;
    if (run[0]?.instrument === trade.instrument) return void run.push(trade);
    const begun = [trade];
    run = begun;
    emits.push(() => sink.onTrades(updateOf(begun, snapshot, newestFirst)));
  });
  return emits;
}

function updateOf(run: OneTrade[], snapshot: boolean, newestFirst: boolean): TradesUpdate {
  const update = new TradesUpdate();
  update.instrument = run[0].instrument;
  update.snapshot = snapshot;
  if (newestFirst) run.sort((left, right) => left.id - right.id);
  for (const { id, price, size, side, exchangeAtUs } of run) update.push(Number.isSafeInteger(id) ? id : 0, price, size, side, exchangeAtUs);
  return update;
}
