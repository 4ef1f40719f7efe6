import { byId, KeyedRows, make, setClass, setText, type Row } from '../dom.js';
import type { Halt, Reason, System } from '../entities.js';
import { momentOf } from '../format.js';
import { lineWord, modeWord, tradingOf, type Line, type Trading, type Word } from '../standing.js';

/** The head of the page: whether it is live, which market this is, whether it trades; below it why not, and since when. */
export class StateView {
  private readonly box = byId('state');
  private readonly title = byId('state-title');
  private readonly note = byId('state-note');
  private readonly resume = byId('resume', HTMLButtonElement);
  private readonly halt = byId('halt', HTMLButtonElement);
  private readonly reasons = new KeyedRows<Reason>(byId('state-reasons'), ({ key }) => key, reasonRow);

  constructor(onResume: () => void) {
    this.resume.addEventListener('click', onResume);
  }

  show(line: Line, system: System | undefined, halts: readonly Halt[]): void {
    const lineShown = lineWord(line, system);
    pill('connection', lineShown);
    pill('mode', modeWord(line, system));
    const trading = tradingOf(line, system);
    pill('trading', trading);
    const standing = halts.filter(({ halted }) => halted);
    this.halt.hidden = standing.some(({ account }) => account === null);
    this.resume.hidden = standing.length === 0;
    document.documentElement.dataset.line = lineShown.tone === 'bad' ? 'lost' : 'held';
    this.box.hidden = trading.state === 'trading' || line.state === 'connecting';
    if (this.box.hidden) return;
    setClass(this.box, `notice ${trading.state === 'trading-in-part' ? 'warn' : 'bad'}`);
    setText(this.title, titleOf(trading, system));
    setText(this.note, noteOf(line, system));
    this.reasons.show(trading.reasons);
  }
}

function pill(id: string, { text, tone, title }: Word): void {
  const shown = byId(id);
  setText(shown, text);
  setClass(shown, `pill ${tone}`);
  if (shown.title !== title) shown.title = title;
}

function titleOf({ state, text, sinceUs }: Trading, system: System | undefined): string {
  const since = sinceUs === null ? '' : ` since ${momentOf(sinceUs)}`;
  const seen = sinceUs !== null && system?.watchedSinceUs === sinceUs ? ', when the gateway began to look' : '';
  if (state === 'unknown') return `Nobody knows whether it trades${since}${seen}`;
  return state === 'halted' ? `Trading is halted${since}` : `${text}${since}${seen}`;
}

function noteOf(line: Line, system: System | undefined): string {
  const heard = momentOf(line.heardAtUs);
  if (line.state === 'disconnected') return `What you see is from ${heard}. Trying to connect again.`;
  if (line.state === 'stale') return `What you see is from ${heard}. The connection is open, but nothing arrives.`;
  if (system && system.bus.state !== 'connected') return `What you see is from ${momentOf(system.bus.sinceUs)}, or before.`;
  return '';
}

function reasonRow(): Row<Reason> {
  const text = make('span', 'wrap');
  const since = make('span', 'dim');
  return {
    element: make('li', '', text, ' ', since),
    update: (reason) => {
      setText(text, reason.text);
      setText(since, `since ${momentOf(reason.sinceUs)}`);
    },
  };
}
