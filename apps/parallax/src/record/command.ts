import { SystemClock } from '@parallax/runtime';
import { ParallaxError } from '@parallax/types';
import { VENUES, type Endpoints, type FeedName, type VenueDefinition } from '@parallax/venues';
import { Command } from 'commander';
import { ProgressLine } from '../replay/progress.js';
import { record } from './record.js';

interface Options {
  readonly venue: string;
  readonly symbols: string;
  readonly feeds?: string;
  readonly minutes?: string;
  readonly out?: string;
  readonly endpoint?: string;
}

const HELP = `
The file holds all that passed: REST answers, connections, what was sent and every frame, as \`parallax replay\` reads it.
The venue is recorded through ingestion itself, so resyncs and reconnects are in it as well.

Exit codes: 0 recorded (also when ended by Ctrl-C); 1 nothing was recorded, with the reason.

Examples:
  parallax record --venue okx --symbols BTC/USDT,ETH/USDT --minutes 10
  parallax record --venue binance --symbols BTC/USDT --endpoint http://127.0.0.1:9100/binance --out binance.jsonl.gz
`;

export function recordCommand(): Command {
  return new Command('record')
    .description('write a capture of a venue (or of a simulator) that replay reads')
    .requiredOption('--venue <id>', `one of ${[...VENUES.keys()].join(', ')}`)
    .requiredOption('--symbols <list>', 'unified symbols with commas between, e.g. BTC/USDT,ETH/USDT')
    .option('--feeds <list>', 'of depth, trades, ticker; default: all that the venue has')
    .option('--minutes <n>', 'how long; default: until Ctrl-C')
    .option('--out <file>', 'default <venue>-<time>.jsonl.gz here; packed where the name ends in .gz')
    .option('--endpoint <address>', 'instead of the venue’s own addresses, e.g. http://127.0.0.1:9100/binance')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const definition = VENUES.get(options.venue);
  if (!definition) {
    throw new ParallaxError('VENUE_UNKNOWN', `"${options.venue}" is none of the venues ${[...VENUES.keys()].join(', ')}`, { place: '--venue' });
  }
  const clock = new SystemClock();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const progress = new ProgressLine(clock);
  const say = (message: string, fields?: Record<string, unknown>): void => progress.say(`parallax: ${message}`, fields);
  const moment = new Date(clock.nowUs() / 1000).toISOString().slice(0, 19).replaceAll(':', '-');
  const file = options.out ?? `${definition.id}-${moment}.jsonl.gz`;
  const done = await record({
    definition, file,
    symbols: listOf(options.symbols, '--symbols'),
    feeds: feedsOf(definition, options.feeds),
    endpoints: endpointsOf(options.endpoint),
    forMs: minutesOf(options.minutes) * 60_000,
    log: { info: () => {}, warn: say, error: say },
    onProgress: ({ frames, bytes, symbols }) => {
      const synced = symbols.filter(({ trust }) => trust === 'synced').length;
      progress.show(() => `${frames.toLocaleString('en')} frames, ${(bytes / 1e6).toFixed(1)} MB before packing, ${synced} of ${symbols.length} books synced`);
    },
    signal: stop.signal,
  });
  progress.end();
  if (done.frames === 0) throw new ParallaxError('VENUE_UNREACHABLE', 'ended before any frame came: nothing was recorded');
  process.stdout.write(`${file}: ${done.frames} frames over ${done.connections} connections\n`);
  for (const { symbol, trust, cause } of done.symbols) process.stdout.write(`  ${symbol}: ${trust === 'synced' ? trust : `${trust}: ${cause}`}\n`);
}

function listOf(text: string, place: string): string[] {
  const found = text.split(',').map((one) => one.trim()).filter(Boolean);
  if (found.length === 0) throw new ParallaxError('INPUT_REFUSED', `${place} names nothing`, { place });
  return found;
}

function feedsOf(definition: VenueDefinition, text: string | undefined): readonly FeedName[] {
  if (text === undefined) return definition.feeds;
  return listOf(text, '--feeds').map((name) => {
    const feed = definition.feeds.find((one) => one === name);
    if (feed === undefined) throw new ParallaxError('INPUT_REFUSED', `${definition.name} has no feed "${name}", only ${definition.feeds.join(', ')}`, { place: '--feeds' });
    return feed;
  });
}

function minutesOf(text: string | undefined): number {
  if (text === undefined) return Infinity;
  const minutes = Number(text);
  if (!(minutes > 0)) throw new ParallaxError('INPUT_REFUSED', `--minutes is "${text}"; it takes a number above 0`, { place: '--minutes' });
  return minutes;
}

function endpointsOf(text: string | undefined): Endpoints | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:/.test(text) || !URL.canParse(text)) {
    throw new ParallaxError('INPUT_REFUSED', `--endpoint is "${text}"; it takes an address like http://127.0.0.1:9100/binance`, { place: '--endpoint' });
  }
  const rest = text.replace(/\/+$/, '');
  return { rest, stream: rest.replace(/^http/, 'ws') };
}
