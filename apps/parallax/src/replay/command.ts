import { systemEnvironment, type Environment, type VariableName } from '@parallax/config';
import { SystemClock } from '@parallax/runtime';
import { ParallaxError } from '@parallax/types';
import { Command } from 'commander';
import { performReplay } from './perform.js';
import { ProgressLine } from './progress.js';
import { replayDirectory } from './scratch.js';
import { summaryText } from './table.js';

interface Options {
  readonly venue?: string;
  readonly symbol?: string;
  readonly instruments?: string;
  readonly fees?: string;
  readonly minEdgeBps?: string;
  readonly holdingHours?: string;
  readonly fundingRate?: string;
  readonly capitalRate?: string;
  readonly borrowRate?: string;
  readonly speed: string;
  readonly stepMs: string;
  readonly fresh?: boolean;
  readonly json?: boolean;
}

const HELP = `
Formats: cryptofeed JSON lines (format 2, as \`parallax record\` writes), Kraken's WebSocket v1 among them (read as v2);
"<timestamp> <raw json>" lines with seconds to nanoseconds. Plain or gzip. A file that is cut is read up to the cut.

On NATS (NATS_URL set) each service has a connection of its own, as NATS_<USER>_PASSWORD says, and
NATS_PROVISIONER_PASSWORD prepares the server. Replayed events must never mix with live ones: a NATS on which services
run is refused, and so is one whose streams keep messages, unless --fresh deletes them (orders and fills included).
What the replay wrote is deleted at its end. Do not start services there while it runs.

Every order and fill carries its trace. What led to an order of the latest replay, from the recorded frame on:
\`parallax trace <order id>\`; the summary names the orders (orderIds in JSON). The spans are in files below
PARALLAX_STATE/replay/traces, replaced by the next replay and apart from a live system's, and go to
OTEL_EXPORTER_OTLP_ENDPOINT too where that is set. Two replays at a time: give each a PARALLAX_STATE of its own.

--fees 0 --min-edge-bps 0 leaves out venue fees alone: spot against perpetual still counts its way out, expected funding,
and the money and coins that it binds for a day. --holding-hours 0 leaves those out too, all but the way out; the rates
lower them one by one. What each was is in the receipt of every opportunity.

Exit codes: 0 done, also with faults in a recording, which are told; 1 nothing could be replayed; 130 ended by Ctrl-C,
with the summary so far.

Examples:
  parallax replay usdm-btcusdt-20240808.gz spot-btcusdt-20240808.gz --speed max
  parallax replay usdm-btcusdt-20240808.gz spot-btcusdt-20240808.gz --fees 0 --min-edge-bps 0 --holding-hours 0
  parallax replay frames.gz --venue binanceusdm --symbol BTC/USDT:USDT --speed 10 --json
`;

export function replayCommand(): Command {
  return new Command('replay')
    .description('run recorded venue frames through the services, on NATS when NATS_URL is set, else in process')
    .argument('<recording...>', 'files of cryptofeed JSON lines or of "<timestamp> <raw json>" lines, plain or gzip')
    .option('--venue <id>', 'the venue, where neither name nor header of the file tells it')
    .option('--symbol <symbol>', 'the unified symbol, e.g. BTC/USDT:USDT')
    .option('--instruments <file>', 'a JSON list of instrument specifications that win over the catalogue')
    .option('--fees <rates>', 'taker fee rates that win over the venues’ own, e.g. 0 or okx:derivative=0.0005,*=0.001')
    .option('--min-edge-bps <bps>', 'smallest net edge worth taking, in basis points')
    .option('--holding-hours <hours>', 'how long a spot and perpetual pair is held (BASIS_HOLDING_HOURS); 0: nothing is paid for holding')
    .option('--funding-rate <rate>', 'funding expected per interval, e.g. 0.0001 (BASIS_FUNDING_RATE)')
    .option('--capital-rate <rate>', 'yearly price of the money that a pair binds, e.g. 0.05 (BASIS_CAPITAL_RATE)')
    .option('--borrow-rate <rate>', 'yearly price of the coins that a sold spot leg takes, e.g. 0.1 (BASIS_BORROW_RATE)')
    .option('--speed <factor>', 'multiple of the recorded pace, or max', '1')
    .option('--step-ms <ms>', `event time that passes in one step, 1 to ${LONGEST_STEP_MS}`, '20')
    .option('--fresh', 'delete what the streams of the NATS keep, see below')
    .option('--json', 'print one JSON object instead of a table')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(files: string[], options: Options): Promise<void> {
  const speed = options.speed === 'max' ? Infinity : numberOf(options.speed, '--speed', 'a number above 0, or max');
  const stepUs = Math.round(numberOf(options.stepMs, '--step-ms', `a number of milliseconds from 1 to ${LONGEST_STEP_MS}`, 1, LONGEST_STEP_MS) * 1000);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const progress = new ProgressLine(new SystemClock());
  const say = (message: string, fields?: Record<string, unknown>): void => progress.say(message, fields);

  const environment = systemEnvironment();
  const { interrupted, ...summary } = await performReplay({
    files, venue: options.venue, symbol: options.symbol, instruments: options.instruments, speed, stepUs,
    fresh: options.fresh ?? false,
    stateDirectory: replayDirectory(environment),
    environment: {
      ...environment,
      ...costsOf(options),
    },
    log: { info: () => {}, warn: say, error: say },
    onProgress: ({ frames, nowUs, firstUs }) => {
      progress.show(() => `${frames.toLocaleString('en')} frames, ${((nowUs - firstUs) / 1e6).toFixed(1)} s of event time`);
    },
    signal: stop.signal,
  });
  progress.end();
  const [fault] = summary.faults;
  if (fault) {
    const more = summary.faultCount > 1 ? `, and ${summary.faultCount - 1} more` : '';
    say(`parallax: warning: ${fault.file}:${fault.line}: ${fault.reason}${more}`);
  }
  if (interrupted) say('parallax: ended early; this is the summary so far');
  process.stdout.write(options.json ? `${JSON.stringify({ ...summary, interrupted })}\n` : `${summaryText(summary)}\n`);
  if (interrupted) process.exitCode = 130;
}

/** Leases and requests run out by event time: no step may skip over them. */
const LONGEST_STEP_MS = 200;

/** Options of cost win over the variables that they stand for. */
const COSTS = {
  fees: 'FEES', minEdgeBps: 'MIN_EDGE_BPS', holdingHours: 'BASIS_HOLDING_HOURS', fundingRate: 'BASIS_FUNDING_RATE',
  capitalRate: 'BASIS_CAPITAL_RATE', borrowRate: 'BASIS_BORROW_RATE',
} as const satisfies Partial<Record<keyof Options, VariableName>>;

function costsOf(options: Options): Environment {
  return Object.fromEntries(Object.entries(COSTS).flatMap(([option, variable]) => {
    const given = options[option as keyof typeof COSTS];
    return given === undefined ? [] : [[variable, given]];
  }));
}

function numberOf(text: string, place: string, expected: string, lowest = Number.MIN_VALUE, highest = Number.MAX_VALUE): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= lowest && value <= highest)) throw new ParallaxError('INPUT_REFUSED', `${place} is "${text}"; it takes ${expected}`, { place });
  return value;
}
