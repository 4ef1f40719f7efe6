import { join } from 'node:path';
import { recordsOf } from '../../../../tools/transcode-kraken-v1.mjs';
import { CcxtReader } from '../ccxt.js';
import { normaliserOf } from '../ours.js';
import { loadRecordings, recordingsFolder, type LoadedRecording } from '../recordings.js';
import { TardisReader } from '../tardis.js';

/** tardis-dev picks its reading of a feed by date: the public OKX books channel only now. */
const FEED_DATE = new Date();

export interface Frame {
  readonly bytes: Buffer;
  readonly snapshot: boolean;
}
export interface Reader {
  /** Reads one frame by its place in the list. */
  read(at: number): void;
  books(): number;
}
/** The frames that a contender reads, and a fresh reader of them. */
export interface Contender {
  readonly frames: readonly Frame[];
  make(): Reader;
}

const isSnapshot = (bytes: Buffer): boolean => {
  const head = bytes.toString('latin1', 0, 400);
  return head.includes('"snapshot"') || head.includes('"as":[[');
};
/** Frames that all contenders are asked about: books, trades and tickers, not the answers to subscriptions. */
const isMarket = (bytes: Buffer): boolean => {
  const head = bytes.toString('latin1', 0, 120);
  return !['"event"', '"method"', '"subscriptions"', 'heartbeat', '"status"'].some((text) => head.includes(text));
};
const framesOf = (all: readonly Buffer[]): Frame[] => all.map((bytes) => ({ bytes, snapshot: isSnapshot(bytes) }));

async function recorded(venue: string, pattern: RegExp): Promise<LoadedRecording> {
  const [loaded] = await loadRecordings(recordingsFolder('captures', venue), pattern);
  return { ...loaded, frames: loaded.frames.filter(({ bytes, rest }) => !rest && isMarket(bytes)) };
}

function oursOf(loaded: LoadedRecording, verifyChecksums: boolean): Contender {
  const make = (): Reader => {
    const { normaliser, sink } = normaliserOf(loaded, { verifyChecksums });
    const read = (at: number): void => {
      const { connection, receivedAtUs, bytes } = loaded.frames[at];
      normaliser.onFrame(connection, at, receivedAtUs, bytes);
    };
    return { read, books: () => sink.books };
  };
  return { frames: framesOf(loaded.frames.map(({ bytes }) => bytes)), make };
}

function tardisOf(frames: readonly Frame[], exchange: string): Contender {
  const make = (): Reader => {
    const reader = new TardisReader(exchange, FEED_DATE, exchange !== 'kraken');
    return { read: (at) => reader.read(JSON.parse(frames[at].bytes.toString()), FEED_DATE), books: () => reader.changes };
  };
  return { frames, make };
}

function ccxtOf({ recording, instruments, frames }: LoadedRecording, url: string): Contender {
  const make = (): Reader => {
    const reader = new CcxtReader(recording.definition.id, url, instruments);
    const symbols = new Set(instruments.map(({ symbol }) => symbol));
    const books = (): number => Object.keys(reader.exchange.orderbooks).filter((symbol) => symbols.has(symbol)).length;
    return { read: (at) => reader.read(JSON.parse(frames[at].bytes.toString())), books };
  };
  return { frames: framesOf(frames.map(({ bytes }) => bytes)), make };
}

/** tardis-dev knows v1 alone: it reads the frames as they came. */
function krakenOne(loaded: LoadedRecording): Contender {
  const texts = recordsOf(join(recordingsFolder('captures', 'kraken'), loaded.name)).filter(({ t }) => t === 'recv');
  return tardisOf(framesOf(texts.map(({ data }) => Buffer.from(data ?? '')).filter((bytes) => bytes[0] === 0x5b)), 'kraken');
}

const OKX = 'wss://ws.okx.com:8443/ws/v5/public';
const isSwap = ({ frames }: LoadedRecording): boolean => frames.some(({ bytes }) => bytes.toString('latin1', 0, 120).includes('-SWAP'));
export const OURS = 'ours, checks off';
/** Reads an older version of the feed than ours does. */
export const OTHER_VERSION = 'tardis-dev (v1 as recorded)';
const ours = { 'ours, checks on': (loaded: LoadedRecording) => oursOf(loaded, true), [OURS]: (loaded: LoadedRecording) => oursOf(loaded, false) };

/** Who reads what, venue by venue. */
export const CONTENDERS: Readonly<Record<string, Readonly<Record<string, (loaded: LoadedRecording) => Contender>>>> = {
  okx: {
    ...ours,
    'tardis-dev': (loaded) => tardisOf(framesOf(loaded.frames.map(({ bytes }) => bytes)), isSwap(loaded) ? 'okex-swap' : 'okex'),
    'ccxt pro': (loaded) => ccxtOf(loaded, OKX),
  },
  kraken: { ...ours, [OTHER_VERSION]: krakenOne, 'ccxt pro (v2)': (loaded) => ccxtOf(loaded, 'wss://ws.kraken.com/v2') },
  coinbase: { ...ours, 'ccxt pro': (loaded) => ccxtOf(loaded, 'wss://advanced-trade-ws.coinbase.com') },
};
const FILES: Readonly<Record<string, RegExp>> = { okx: /^cryptofeed-OKX/, kraken: /^cryptofeed-KRAKEN/, coinbase: /^cryptofeed-COINBASE/ };

export async function contenderOf(venue: string, name: string): Promise<Contender> {
  return CONTENDERS[venue][name](await recorded(venue, FILES[venue]));
}
