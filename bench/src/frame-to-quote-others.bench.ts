import { join } from 'node:path';
import { recordsOf } from '../../tools/transcode-kraken-v1.mjs';
import type { Bench, BenchReport } from './support/bench.js';
import { CcxtReader } from './support/ccxt.js';
import { normaliserOf } from './support/ours.js';
import { loadRecordings, recordingsFolder, type LoadedRecording } from './support/recordings.js';
import { TardisReader } from './support/tardis.js';
import { timerOverheadUs } from './support/timer.js';

const ROUNDS = 7;
/** The recordings are short; a round goes through each this often. */
const TIMES = 8;
/** tardis-dev picks its reading of a feed by date: the public OKX books channel only now. */
const FEED_DATE = new Date();

interface Timed {
  readonly bytes: Buffer;
  readonly snapshot: boolean;
}
/** Makes a fresh reader; it reads one frame by its place in the list. */
type Contender = { readonly frames: readonly Timed[]; readonly make: () => { read: (at: number) => void; books: () => number } };
interface Costs {
  /** Microseconds a frame. */
  readonly snapshots: number;
  readonly updates: number;
}

const isSnapshot = (bytes: Buffer): boolean => {
  const head = bytes.toString('latin1', 0, 400);
  return head.includes('"snapshot"') || head.includes('"as":[[');
};

function oursOf(loaded: LoadedRecording, verifyChecksums: boolean): Contender {
  const frames = loaded.frames.map(({ bytes }) => ({ bytes, snapshot: isSnapshot(bytes) }));
  const make = () => {
    const { normaliser, sink } = normaliserOf(loaded, { verifyChecksums });
    const read = (at: number): void => {
      const { connection, receivedAtUs, bytes } = loaded.frames[at];
      normaliser.onFrame(connection, at, receivedAtUs, bytes);
    };
    return { read, books: () => sink.books };
  };
  return { frames, make };
}

function tardisOf(frames: readonly Timed[], exchange: string): Contender {
  const make = () => {
    const reader = new TardisReader(exchange, FEED_DATE, exchange !== 'kraken');
    return { read: (place: number) => reader.read(JSON.parse(frames[place].bytes.toString()), FEED_DATE), books: () => reader.changes };
  };
  return { frames, make };
}

function ccxtOf(loaded: LoadedRecording, frames: readonly Timed[], url: string): Contender {
  const { recording, instruments } = loaded;
  const make = () => {
    const reader = new CcxtReader(recording.definition.id, url, instruments);
    const symbols = new Set(instruments.map(({ symbol }) => symbol));
    const read = (place: number): void => reader.read(JSON.parse(frames[place].bytes.toString()));
    return { read, books: () => Object.keys(reader.exchange.orderbooks).filter((symbol) => symbols.has(symbol)).length };
  };
  return { frames, make };
}

/** Frames that all contenders are asked about: books, trades and tickers, not the answers to subscriptions. */
const isMarket = (bytes: Buffer): boolean => {
  const head = bytes.toString('latin1', 0, 120);
  return !head.includes('"event"') && !head.includes('"method"') && !head.includes('"subscriptions"') && !head.includes('heartbeat') && !head.includes('"status"');
};

/**
 * Contenders in turn, round by round. Of each frame the middle of all its times counts, so that other work on the machine
 * and collections of garbage (which the others make more of) stay out; then the mean over the frames of a kind.
 */
function measure(contenders: Readonly<Record<string, Contender>>): Record<string, Costs> {
  const entries = Object.entries(contenders).map(([name, contender]) => {
    const times = contender.frames.map(() => new Float64Array(ROUNDS * TIMES));
    return { name, ...contender, times };
  });
  for (let round = -1; round < ROUNDS; round++) {
    for (const { frames, make, times } of entries) {
      for (let time = 0; time < TIMES; time++) {
        const { read } = make();
        for (let at = 0; at < frames.length; at++) {
          const startedAt = performance.now();
          read(at);
          const tookUs = (performance.now() - startedAt) * 1000;
          if (round >= 0) times[at][round * TIMES + time] = tookUs;
        }
      }
    }
  }
  return Object.fromEntries(entries.map(({ name, frames, times }) => {
    const middles = times.map((all) => all.sort()[all.length >> 1]);
    const mean = (snapshot: boolean): number => {
      const of = middles.filter((_, at) => frames[at].snapshot === snapshot);
      return of.reduce((sum, each) => sum + each, 0) / of.length;
    };
    return [name, { snapshots: mean(true), updates: mean(false) }];
  }));
}

function tell(venue: string, contenders: Readonly<Record<string, Contender>>, report: BenchReport): void {
  const costs = measure(contenders);
  const { snapshots: ourSnapshot, updates: ourUpdate } = costs['ours, checks off'];
  for (const [name, { frames, make }] of Object.entries(contenders)) {
    const { snapshots: snapshotUs, updates: updateUs } = costs[name];
    const reader = make();
    for (let at = 0; at < frames.length; at++) reader.read(at);
    const snapshots = frames.filter(({ snapshot }) => snapshot).length;
    report.row(`${venue}: ${name}`, {
      snapshots, updates: frames.length - snapshots, books: reader.books(), snapshotUs, updateUs,
      snapshotTimesOurs: snapshotUs / ourSnapshot, updateTimesOurs: updateUs / ourUpdate,
    });
    if (name.startsWith('ours')) continue;
    report.reach(`${venue} updates, checks off, against ${name}`, updateUs / ourUpdate, 'at least', 5, '×');
    report.reach(`${venue} snapshots, checks off, against ${name}`, snapshotUs / ourSnapshot, 'at least', 5, '×');
  }
}

async function one(venue: string, pattern: RegExp): Promise<LoadedRecording> {
  const [loaded] = await loadRecordings(recordingsFolder('captures', venue), pattern);
  return { ...loaded, frames: loaded.frames.filter(({ bytes, rest }) => !rest && isMarket(bytes)) };
}

export const bench: Bench = {
  name: 'frame-to-quote-others',
  description: 'the same on the OKX, Kraken and Coinbase recordings, snapshots and the rest apart, checksums on and off',
  async run(report) {
    for (const [venue, pattern] of [['okx', /^cryptofeed-OKX/], ['kraken', /^cryptofeed-KRAKEN/], ['coinbase', /^cryptofeed-COINBASE/]] as const) {
      const loaded = await one(venue, pattern);
      const off = oursOf(loaded, false);
      const contenders: Record<string, Contender> = { 'ours, checks on': oursOf(loaded, true), 'ours, checks off': off };
      if (venue === 'okx') {
        const swap = loaded.frames.some(({ bytes }) => bytes.toString('latin1', 0, 120).includes('-SWAP'));
        contenders['tardis-dev'] = tardisOf(off.frames, swap ? 'okex-swap' : 'okex');
        contenders['ccxt pro'] = ccxtOf(loaded, off.frames, 'wss://ws.okx.com:8443/ws/v5/public');
      } else if (venue === 'kraken') {
        const original = recordsOf(join(recordingsFolder('captures', venue), loaded.name)).filter(({ t }) => t === 'recv');
        const frames = original.map(({ data }) => Buffer.from(data ?? '')).filter((bytes) => bytes[0] === 0x5b).map((bytes) => ({ bytes, snapshot: isSnapshot(bytes) }));
        contenders['tardis-dev (v1 as recorded)'] = tardisOf(frames, 'kraken');
        contenders['ccxt pro (v2)'] = ccxtOf(loaded, off.frames, 'wss://ws.kraken.com/v2');
        report.note('Kraken was recorded as v1; ours and ccxt pro read it written as v2 (tools/transcode-kraken-v1.mjs), tardis-dev, which knows v1 alone, the frames as they came');
      } else {
        contenders['ccxt pro'] = ccxtOf(loaded, off.frames, 'wss://advanced-trade-ws.coinbase.com');
        report.note('Coinbase sends no checksum, so checks on and off are the same work; tardis-dev reads another product of Coinbase');
      }
      tell(venue, contenders, report);
    }
    report.note(`per frame the middle of ${ROUNDS * TIMES} times, contenders in turn; ${timerOverheadUs().toFixed(3)} µs of timer in each; books: updates taken by ours and tardis-dev, books held by ccxt pro`);
  },
};
