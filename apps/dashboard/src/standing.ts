import type { ConnectionState } from './connection.js';
import type { ListName, ListStanding, Reason, System, TradingState } from './entities.js';

export type Tone = 'good' | 'quiet' | 'warn' | 'bad';
/** One word, or a few, with how good that is, and what stands behind it. */
export interface Word {
  readonly text: string;
  readonly tone: Tone;
  readonly title: string;
}

/** What the page knows of its own way to the gateway; by the clock of this browser, 0 for never. */
export interface Line {
  readonly state: ConnectionState;
  readonly heardAtUs: number;
}

const isLive = ({ state }: Line): boolean => state === 'live';

const LINES: Record<ConnectionState, Word> = {
  connecting: { text: 'Connecting', tone: 'warn', title: 'The page has not reached the gateway yet' },
  live: { text: 'Live', tone: 'good', title: 'The page hears the gateway, and the gateway the services' },
  stale: { text: 'Stale', tone: 'bad', title: 'The connection to the gateway is open, but nothing arrives' },
  disconnected: { text: 'Disconnected', tone: 'bad', title: 'The gateway is not reached' },
};

/** Live is what comes all the way from the services: a gateway that is cut off from the bus shows what was. */
export function lineWord(line: Line, system: System | undefined): Word {
  if (!isLive(line) || system === undefined || system.bus.state === 'connected') return LINES[line.state];
  if (system.bus.state === 'gone') return { text: 'Cut off', tone: 'bad', title: 'The gateway is cut off from the bus' };
  return { text: 'Silent', tone: 'bad', title: 'The gateway hears nothing on the bus' };
}

/** Whether what is shown comes all the way from the services. */
export const isHeld = (line: Line, system: System | undefined): boolean => isLive(line) && system?.bus.state === 'connected';

/** Which market and which orders these are; what nobody says now is unknown. */
export function modeWord(line: Line, system: System | undefined): Word {
  if (system === undefined) return { text: 'market unknown, orders unknown', tone: 'warn', title: 'Nobody has said yet where market data comes from, nor what becomes of orders' };
  const market = isLive(line) ? system.market.is : 'unknown';
  const orders = isLive(line) ? system.orders.is : 'unknown';
  const title = [
    market === 'unknown' ? `ingestion does not say now where market data comes from${told(system.market.told)}` : `ingestion says: market ${market}`,
    orders === 'unknown' ? `execution does not say now what becomes of orders${told(system.orders.told)}` : `execution says: orders ${orders}`,
  ].join('; ');
  if (market === 'simulated' && orders === 'paper') return { text: 'simulated', tone: 'quiet', title };
  const of = { simulated: 'simulated market', live: 'live market', mixed: 'live and simulated market', unknown: 'market unknown' }[market];
  const becomes = { paper: 'paper orders', live: 'live orders', mixed: 'live and paper orders', unknown: 'orders unknown' }[orders];
  const isPlain = market !== 'unknown' && market !== 'mixed' && orders === 'paper';
  return { text: `${of}, ${becomes}`, tone: isPlain ? 'quiet' : orders === 'live' || orders === 'mixed' ? 'bad' : 'warn', title };
}

const told = (last: string | null): string => (last === null ? '' : `; ${last} was said last`);

const STATES: Record<TradingState, readonly [string, Tone]> = {
  trading: ['Trading', 'quiet'],
  'trading-in-part': ['Trading in part', 'warn'],
  halted: ['Halted', 'bad'],
  stopped: ['Not trading', 'bad'],
  unknown: ['Trading unknown', 'bad'],
};

/** Whether it trades, since when, and everything that speaks against it. */
export interface Trading extends Word {
  readonly state: TradingState;
  /** Null: nobody knows. */
  readonly sinceUs: number | null;
  readonly reasons: readonly Reason[];
}

/** Without the gateway's word nobody knows. */
export function tradingOf(line: Line, system: System | undefined): Trading {
  const [state, sinceUs] = isLive(line) && system ? [system.trading.state, system.trading.sinceUs] : ['unknown' as const, line.heardAtUs || null];
  const all = isLive(line) && system ? system.trading.reasons : [];
  // Cut off, all else follows from that, but for what a person has done.
  const reasons = all.some(({ kind }) => kind === 'cut-off') ? all.filter(({ kind }) => kind === 'cut-off' || kind === 'halted') : all;
  const [text, tone] = STATES[state];
  return { text, tone, title: reasons.map((reason) => reason.text).join('; '), state, sinceUs, reasons };
}

const CUT_OFF = 'this page does not hear the gateway';

/** Whether a list shows what there is. */
export function listStanding(line: Line, system: System | undefined, list: ListName): ListStanding {
  if (isLive(line) && system) return system.lists[list];
  return { known: false, why: CUT_OFF, sinceUs: line.heardAtUs };
}
