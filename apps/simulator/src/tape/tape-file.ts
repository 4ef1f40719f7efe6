import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ParallaxError } from '@parallax/types';
import type { Tape, TapeAnswer, TapeLane } from './tape.js';

/** cryptofeed's exchange names that are not simply ccxt's id in capitals. */
const CRYPTOFEED_NAMES: Record<string, string> = { BINANCE_FUTURES: 'binanceusdm', BINANCE_DELIVERY: 'binancecoinm' };
/** What the names of the `<time> <json>` files say. */
const NAME_PREFIXES: readonly (readonly [RegExp, string])[] = [
  [/^spot-/, 'binance'], [/^usdm-/, 'binanceusdm'], [/^coinm-/, 'binancecoinm'],
];
const DEPTH_PATHS: Record<string, string> = {
  binance: '/api/v3/depth', binanceusdm: '/fapi/v1/depth', binancecoinm: '/dapi/v1/depth',
};

interface OpenLane extends TapeLane {
  lastUs: number;
}

/** Collects what a recording holds, line by line. */
class TapeReader {
  venue: string | undefined;
  readonly answers: TapeAnswer[] = [];
  readonly lanes = new Map<string, OpenLane>();

  constructor(
    private readonly file: string,
    venue: string | undefined,
  ) {
    this.venue = venue ?? NAME_PREFIXES.find(([pattern]) => pattern.test(basename(file)))?.[1];
  }

  /** One line of either format; a line that is neither is refused with its number. */
  line(text: string, number: number): void {
    if (text === '') return;
    try {
      if (text.startsWith('{')) this.cryptofeed(JSON.parse(text) as Record<string, unknown>);
      else this.raw(text);
    } catch (error) {
      if (error instanceof ParallaxError) throw error;
      const place = `${this.file}:${number}`;
      throw new ParallaxError('RECORDING_REFUSED', `${place}: ${String(error)}`, { place, cause: error });
    }
  }

  tape(): Tape {
    if (!this.venue) {
      const reason = `${this.file}: neither name nor header says the venue; name it with --venue`;
      throw new ParallaxError('RECORDING_REFUSED', reason, { place: this.file });
    }
    return { venue: this.venue, lanes: [...this.lanes.values()], answers: this.answers };
  }

  private cryptofeed(row: Record<string, unknown>): void {
    const atUs = Math.round(Number(row.ts) * 1e6);
    switch (row.t) {
      case 'header': {
        const name = String(row.exchange);
        this.venue ??= CRYPTOFEED_NAMES[name] ?? name.toLowerCase();
        return;
      }
      case 'http': {
        const url = new URL(String(row.url));
        return void this.answers.push({ atUs, path: url.pathname, query: url.searchParams, text: String(row.data) });
      }
      case 'connect':
        return void this.lane(String(row.conn), new URL(String(row.addr)).pathname);
      case 'recv': {
        const data = typeof row.b64 === 'string' ? Buffer.from(row.b64, 'base64') : String(row.data);
        return this.frame(this.lane(String(row.conn), null), atUs, data);
      }
      case 'send':
        return;
      default:
        throw new Error(`unknown kind of line "${String(row.t)}"`);
    }
  }

  /** `<time> <json>`: nanoseconds (19 digits) or microseconds (16); a line without `stream` is the depth snapshot. */
  private raw(text: string): void {
    const match = /^(\d{16}|\d{19}) (.*)$/.exec(text);
    if (!match) throw new Error('neither a JSON object nor `<time> <json>`');
    const atUs = match[1].length === 19 ? Number(match[1].slice(0, 16)) : Number(match[1]);
    const path = this.venue && DEPTH_PATHS[this.venue];
    if (path && match[2].startsWith('{"lastUpdateId"')) {
      return void this.answers.push({ atUs, path, query: new URLSearchParams(this.symbolOfName()), text: match[2] });
    }
    this.frame(this.lane('raw', null), atUs, match[2]);
  }

  /** `usdm-btcusdt-20240808.gz` speaks of BTCUSDT. */
  private symbolOfName(): Record<string, string> {
    const symbol = basename(this.file).split('-')[1];
    return symbol ? { symbol: symbol.toUpperCase() } : {};
  }

  private lane(id: string, path: string | null): OpenLane {
    let lane = this.lanes.get(id);
    if (!lane) this.lanes.set(id, (lane = { id, path, frames: [], lastUs: 0 }));
    return lane;
  }

  private frame(lane: OpenLane, atUs: number, data: string | Buffer): void {
    // The order of arrival counts: a receiver's clock that stepped back does not reorder frames.
    lane.lastUs = Math.max(lane.lastUs, atUs);
    lane.frames.push({ atUs: lane.lastUs, data });
  }
}

/**
 * Reads a recording in either format of the captures, gzipped or not. A file cut short at the end is read up to its last
 * whole line.
 * @throws ParallaxError `RECORDING_REFUSED` with file and line as `place`.
 */
export async function readTape(file: string, venue?: string): Promise<Tape> {
  const reader = new TapeReader(file, venue);
  const source = createReadStream(file);
  const bytes: Readable = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  source.on('error', (error) => bytes.destroy(error));
  let number = 0;
  let held: string | null = null;
  try {
    for await (const line of createInterface({ input: bytes, crlfDelay: Infinity })) {
      if (held !== null) reader.line(held, ++number);
      held = line;
    }
  } catch (error) {
    if (error instanceof ParallaxError) throw error;
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') {
      throw new ParallaxError('RECORDING_REFUSED', `${file}: ${String(error)}`, { place: file, cause: error });
    }
  }
  if (held !== null && isWhole(held)) reader.line(held, ++number);
  return reader.tape();
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line.slice(line.indexOf('{')));
    return true;
  } catch {
    return false;
  }
}
