import { CcxtReader } from '../ccxt.js';
import { runOurs } from '../ours.js';
import type { LoadedRecording } from '../recordings.js';
import { TardisReader } from '../tardis.js';

const TARDIS_NAMES: Record<string, string> = { binance: 'binance', binanceusdm: 'binance-futures', binancecoinm: 'binance-delivery' };
const URLS: Record<string, string> = {
  binance: 'wss://stream.binance.com:9443/ws/0', binanceusdm: 'wss://fstream.binance.com/ws/0', binancecoinm: 'wss://dstream.binance.com/ws/0',
};
interface Frame {
  readonly data?: unknown;
  readonly lastUpdateId?: number;
}

export const symbolOf = ({ recording, instruments }: LoadedRecording): string =>
  instruments.find((one) => one.venueSymbol === recording.venueSymbol)!.symbol;

export function runTardis(loaded: LoadedRecording): TardisReader {
  const { frames, recording } = loaded;
  const reader = new TardisReader(TARDIS_NAMES[recording.definition.id], new Date(frames[0].receivedAtUs / 1000));
  const stream = `${recording.venueSymbol.toLowerCase()}@depthSnapshot`;
  for (const { bytes, rest, receivedAtUs } of frames) {
    const message: unknown = JSON.parse(bytes.toString());
    reader.read(rest ? { stream, generated: true, data: message } : message, new Date(receivedAtUs / 1000));
  }
  return reader;
}

export function runCcxt(loaded: LoadedRecording): CcxtReader {
  const { frames, recording, instruments } = loaded;
  const symbol = symbolOf(loaded);
  const reader = new CcxtReader(recording.definition.id, URLS[recording.definition.id], instruments);
  reader.await(symbol);
  for (const { bytes, rest } of frames) {
    const message = JSON.parse(bytes.toString()) as Frame;
    if (rest) reader.snapshot(symbol, message);
    else reader.read(message.data);
  }
  return reader;
}

function parseBuffers({ frames }: LoadedRecording): unknown {
  let last: unknown;
  for (const { bytes } of frames) last = JSON.parse(bytes.toString());
  return last;
}

/** One pass of a contender over recordings, with what it made. */
export type Pass = (files: readonly LoadedRecording[]) => unknown[];
const each = (run: (loaded: LoadedRecording) => unknown) => (files: readonly LoadedRecording[]): unknown[] => files.map((loaded) => run(loaded));

function parseTexts(): Pass {
  let texts: string[] | null = null;
  return (files) => {
    texts ??= files.flatMap(({ frames }) => frames.map(({ bytes }) => bytes.toString()));
    let last: unknown;
    for (const text of texts) last = JSON.parse(text);
    return [last];
  };
}

/** What runs, and how often a round: fast ones go through the recordings more than once, so that a round is long enough. */
export const CONTENDERS = {
  ours: { make: (): Pass => each(runOurs), times: 5 },
  'JSON.parse alone': { make: parseTexts, times: 5 },
  'Buffer.toString + JSON.parse': { make: (): Pass => each(parseBuffers), times: 5 },
  'tardis-dev 13.35.3': { make: (): Pass => each(runTardis), times: 1 },
  'ccxt pro 4.5.84': { make: (): Pass => each(runCcxt), times: 1 },
} as const;
export type ContenderName = keyof typeof CONTENDERS;
