import type { DepthUpdate, FinerNumber, FrameSink, Levels, NoticeKind, TickerUpdate, TradesUpdate } from '../../src/index.js';

const levelsText = (levels: Levels): string => {
  let text = '';
  for (let i = 0; i < levels.count; i++) text += `${levels.prices[i]}:${levels.sizes[i]} `;
  return text;
};

/** Writes down all that a reader emits, so that two readings can be compared as text. */
export class RecordingSink implements FrameSink {
  lines: string[] = [];
  readonly refusals: { reason: string; place: string; instrument: number; mayBeOfBook: boolean }[] = [];

  /** What was emitted since the last call. */
  take(): string {
    const text = this.lines.join('\n');
    this.lines = [];
    return text;
  }

  onDepth(update: DepthUpdate): void {
    const { instrument, snapshot, exchangeAtUs, firstId, lastId, previousId, checksum } = update;
    const head = [instrument, snapshot, exchangeAtUs, firstId, lastId, previousId, checksum].join(' ');
    const unread = update.unreadable.map(({ side, price, digits, stands, after, place, between }) => `unread ${[side, price, digits, stands, after, place].join(':')}${between ? ':between' : ''}`);
    if (update.finer) this.onFiner(update.finer, instrument);
    this.lines.push(`depth ${head} bids ${levelsText(update.bids)}asks ${levelsText(update.asks)}${unread.join(' ')}`);
  }

  onTicker(update: TickerUpdate): void {
    const { instrument, exchangeAtUs, updateId, bidPrice, bidSize, askPrice, askSize } = update;
    this.lines.push(`ticker ${[instrument, exchangeAtUs, updateId, bidPrice, bidSize, askPrice, askSize].join(' ')}`);
  }

  onTrades(update: TradesUpdate): void {
    const { instrument, snapshot, count, ids, prices, sizes, sides, exchangeAtUs } = update;
    let text = `trades ${instrument} ${snapshot}`;
    for (let i = 0; i < count; i++) text += ` ${[ids[i], prices[i], sizes[i], sides[i], exchangeAtUs[i]].join(':')}`;
    this.lines.push(text);
  }

  onNotice(kind: NoticeKind, instrument: number, detail: string): void {
    this.lines.push(`notice ${kind} ${instrument} ${detail}`);
  }

  onConnectionSequence(sequence: number): void {
    this.lines.push(`sequence ${sequence}`);
  }

  onFiner({ scale, decimals }: FinerNumber, instrument: number): void {
    this.lines.push(`finer ${instrument} ${scale} ${decimals}`);
  }

  onRefused(reason: string, place: string, instrument: number, mayBeOfBook: boolean): void {
    this.refusals.push({ reason, place, instrument, mayBeOfBook });
    this.lines.push(`refused ${instrument} ${place}: ${reason}`);
  }
}
