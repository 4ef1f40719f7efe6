import { linesOf } from './lines.js';
import type { TapeEntry, TapeFormat } from './tape.js';

/**
 * Kraken's WebSocket v1, read as the same session in the text of v2. Prices, quantities, times and checksums are the
 * recording's own; only the writing changes, by the rules that tools/transcode-kraken-v1.mjs documents (a test holds
 * both to the same text). So what comes out is derived, not what v2 sent.
 */
export class KrakenV1Format implements TapeFormat {
  readonly name = 'kraken-v1';
  private readonly tradeIds = new Map<string, number>();

  /** `priceTextDecimals` is what {@link priceTextDecimalsOf} found: v1's checksum is summed over texts of that many. */
  constructor(
    private readonly lines: TapeFormat,
    private readonly priceTextDecimals: ReadonlyMap<string, number>,
  ) {}

  read(line: Uint8Array, number: number): TapeEntry | null {
    const entry = this.lines.read(line, number);
    if (entry?.kind === 'listing') return { ...entry, bytes: this.listing(textOf(entry)) };
    if (entry?.kind !== 'stream') return entry;
    return { ...entry, bytes: Buffer.from(frameText(textOf(entry), this.tradeIds)) };
  }

  private listing(text: string): Buffer {
    const body = JSON.parse(text) as { result: Record<string, { wsname?: string; price_text_decimals?: number }> };
    for (const pair of Object.values(body.result)) {
      const decimals = pair.wsname === undefined ? undefined : this.priceTextDecimals.get(pair.wsname);
      if (decimals !== undefined) pair.price_text_decimals = decimals;
    }
    return Buffer.from(JSON.stringify(body));
  }
}

/** First snapshots are among these. */
const LINES_OF_HEAD = 5_000;
/** The first level of a v1 book message within a JSON line: `[343,{"as":[["5709.70000",…],"book-1000","XBT/USD"]`. */
const BOOK = /"data": ?"\[\d+, ?\{\\"(?:as|bs|a|b)\\": ?\[\[\\"([\d.]+)\\".*\\"book-\d+\\", ?\\"([^"\\]+)\\"\]/;

/** Decimals of the recorded price texts by pair; empty for a recording that is not of v1. */
export async function priceTextDecimalsOf(file: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  let lines = 0;
  try {
    for await (const { bytes } of linesOf(file)) {
      if (++lines > LINES_OF_HEAD) break;
      const [, price, pair] = BOOK.exec(bytes.toString()) ?? [];
      if (pair !== undefined && !found.has(pair)) found.set(pair, decimalsOf(price));
    }
  } catch {
    // A file that is cut here has its fault told when it is read.
  }
  return found;
}

type Level = readonly [price: string, size: string, seconds: string];
type Trade = readonly [price: string, size: string, seconds: string, side: string, type: string, rest: string];
interface BookPart {
  readonly a?: Level[];
  readonly b?: Level[];
  readonly as?: Level[];
  readonly bs?: Level[];
  readonly c?: string;
}

const MODERN = new Map([['XBT', 'BTC'], ['XDG', 'DOGE']]);
const textOf = (entry: TapeEntry): string => Buffer.from(entry.bytes).toString();
const decimalsOf = (text: string): number => (text.split('.')[1] ?? '').length;
const modernPair = (pair: string): string => pair.split('/').map((code) => MODERN.get(code) ?? code).join('/');

function frameText(text: string, tradeIds: Map<string, number>): string {
  const message = JSON.parse(text) as unknown;
  if (!Array.isArray(message)) return eventText(message as Event);
  const channel = String(message.at(-2));
  const pair = modernPair(String(message.at(-1)));
  if (channel.startsWith('book')) return bookText(message.slice(1, -2) as BookPart[], pair);
  if (channel === 'trade') return tradeText(message[1] as Trade[], pair, tradeIds);
  if (channel === 'ticker') return tickerText(message[1] as Record<string, string[]>, pair);
  throw new Error(`Kraken's v1 channel ${channel} is not read`);
}

interface Event {
  readonly event?: string;
  readonly status?: string;
  readonly version?: string;
  readonly pair?: string;
  readonly subscription?: { readonly name: string; readonly depth?: number };
}

function eventText(message: Event): string {
  if (message.event === 'heartbeat') return '{"channel":"heartbeat"}';
  if (message.event === 'systemStatus') {
    const data = [{ api_version: 'v2', system: message.status, version: message.version }];
    return JSON.stringify({ channel: 'status', type: 'update', data });
  }
  if (message.event === 'subscriptionStatus' && message.subscription && message.pair !== undefined) {
    const { name, depth } = message.subscription;
    const result = { channel: name, ...(depth ? { depth } : {}), snapshot: true, symbol: modernPair(message.pair) };
    return JSON.stringify({ method: 'subscribe', result, success: message.status === 'subscribed' });
  }
  throw new Error(`Kraken's v1 event ${message.event} is not read`);
}

function bookText(pieces: readonly BookPart[], symbol: string): string {
  const parts: BookPart = Object.assign({}, ...pieces);
  const kind = parts.as !== undefined || parts.bs !== undefined ? 'snapshot' : 'update';
  const bids = parts.b ?? parts.bs ?? [];
  const asks = parts.a ?? parts.as ?? [];
  const checksum = parts.c === undefined ? '' : `,"checksum":${Number(parts.c)}`;
  const times = [...bids, ...asks].map(([, , seconds]) => seconds);
  const newest = times.reduce((a, b) => (Number(a) >= Number(b) ? a : b), times[0]);
  const time = newest === undefined ? '' : `,"timestamp":"${timeText(newest)}"`;
  return `{"channel":"book","type":"${kind}","data":[{"symbol":"${symbol}","bids":${sideText(bids)},` +
    `"asks":${sideText(asks)}${checksum}${time}}]}`;
}

const sideText = (levels: readonly Level[]): string =>
  `[${levels.map(([price, size]) => `{"price":${numberText(price)},"qty":${numberText(size)}}`).join(',')}]`;

function tradeText(trades: readonly Trade[], symbol: string, tradeIds: Map<string, number>): string {
  const texts = trades.map(([price, size, seconds, side, type]) => {
    const id = (tradeIds.get(symbol) ?? 0) + 1;
    tradeIds.set(symbol, id);
    return `{"symbol":"${symbol}","side":"${side === 'b' ? 'buy' : 'sell'}","price":${numberText(price)},"qty":${numberText(size)},` +
      `"ord_type":"${type === 'l' ? 'limit' : 'market'}","trade_id":${id},"timestamp":"${timeText(seconds)}"}`;
  });
  return `{"channel":"trade","type":"update","data":[${texts.join(',')}]}`;
}

function tickerText({ a, b, c, v, p, l, h }: Record<string, string[]>, symbol: string): string {
  const fields = { bid: b[0], bid_qty: b[2], ask: a[0], ask_qty: a[2], last: c[0], volume: v[1], vwap: p[1], low: l[1], high: h[1] };
  const text = Object.entries(fields).map(([name, value]) => `"${name}":${numberText(value)}`).join(',');
  return `{"channel":"ticker","type":"update","data":[{"symbol":"${symbol}",${text}}]}`;
}

/** v2 writes numbers without quotes, and trailing zeros down to one decimal are left out. */
function numberText(text: string): string {
  const [whole, fraction = ''] = text.split('.');
  return `${whole}.${fraction.replace(/0+$/, '') || '0'}`;
}

/** `1618678133.365913` as RFC 3339. */
function timeText(seconds: string): string {
  const [whole, fraction = ''] = seconds.split('.');
  return `${new Date(Number(whole) * 1000).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}
