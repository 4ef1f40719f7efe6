import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { defaultScenario, parseScenario, type Scenario } from '@parallax/market-model';
import { listeningRefused, ParallaxError } from '@parallax/types';
import { startSimulator, type SimulatorOptions } from './simulator.js';

const HELP = `Local venues that speak the venues' own protocols.

  simulator [--scenario FILE] [--seed TEXT]      the market model (default scenario without FILE)
  simulator --tape FILE [--tape FILE...]         recordings, as their venues

  --port N             port of the one server, venues below /<venue> (default 9100; 0 = any free one)
  --host ADDRESS       address to listen on (default 127.0.0.1)
  --port-per-venue     a port of its own for each venue besides, without a prefix
  --speed N            tape: times faster than recorded (default 1)
  --loop               tape: begin anew at the end
  --venue ID           tape: the venue, where neither name nor header says it (ccxt's id)
  --okx-checksum KIND  zero (as OKX sends today) or real (until 2026-06); default zero
  --kraken-numbers KIND  full (digits of the pair's precision) or trimmed; default full
  --help               this text

  POST /control/faults {"kind":"gap","venue":"okx","symbol":"BTC/USDT"}   puts a fault in; kinds: disconnect, gap,
                       wrong-checksum, silence, garbage, stale-snapshot, mute, mute-new, forget, refuse; count and
                       seconds say how much
  GET /control/status, GET /control/book?venue=&symbol=                   how it stands; the true book behind a venue
`;

const OPTIONS = {
  scenario: { type: 'string' }, seed: { type: 'string' }, tape: { type: 'string', multiple: true },
  port: { type: 'string', default: '9100' }, host: { type: 'string', default: '127.0.0.1' },
  'port-per-venue': { type: 'boolean', default: false }, speed: { type: 'string', default: '1' },
  loop: { type: 'boolean', default: false }, venue: { type: 'string' },
  'okx-checksum': { type: 'string', default: 'zero' }, 'kraken-numbers': { type: 'string', default: 'full' },
  help: { type: 'boolean', default: false },
} as const;

function refuse(place: string, message: string): never {
  throw new ParallaxError('CONFIG_REFUSED', `--${place}: ${message}`, { place });
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  return allowed.find((each) => each === value) ?? refuse(name, `"${value}" is none of ${allowed.join(', ')}`);
}

async function scenarioOf(file: string | undefined, seed: string | undefined): Promise<Scenario> {
  const base = file === undefined ? defaultScenario : parseScenario(await jsonOf(file));
  return seed === undefined ? base : parseScenario({ ...base, seed });
}

async function jsonOf(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: Error) => refuse('scenario', `${file} cannot be read: ${error.message}`));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return refuse('scenario', `${file} is not JSON: ${(error as Error).message}`);
  }
}

function wordsOf(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values;
  } catch (error) {
    throw new ParallaxError('CONFIG_REFUSED', `${(error as Error).message.split('. ', 1)[0]}; --help tells the options`, { cause: error });
  }
}

async function optionsOf(argv: readonly string[]): Promise<SimulatorOptions | null> {
  const values = wordsOf(argv);
  if (values.help) return null;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse('port', `"${values.port}" is no port`);
  const speed = Number(values.speed);
  if (!(speed > 0 && Number.isFinite(speed))) refuse('speed', `"${values.speed}" is no positive number`);
  const shared = {
    host: values.host, port, portPerVenue: values['port-per-venue'],
    dialects: {
      okxChecksum: oneOf('okx-checksum', values['okx-checksum'], ['zero', 'real'] as const),
      krakenNumbers: oneOf('kraken-numbers', values['kraken-numbers'], ['full', 'trimmed'] as const),
    },
  };
  if (!values.tape) return { ...shared, scenario: await scenarioOf(values.scenario, values.seed) };
  const tape = { files: values.tape, speed, loop: values.loop, ...(values.venue === undefined ? {} : { venue: values.venue }) };
  return { ...shared, tape };
}

/** The simulator as the process's one work: prints where it listens, and stops at SIGTERM or SIGINT. */
export async function runSimulator(argv: readonly string[]): Promise<void> {
  const options = await optionsOf(argv);
  if (options === null) {
    process.stdout.write(HELP);
    return;
  }
  const simulator = await startSimulator(options).catch((error: unknown) => {
    throw listeningRefused(error, options.host ?? '127.0.0.1', options.port ?? 0, 'port');
  });
  process.stdout.write(`simulator listens on ${simulator.url}\n`);
  for (const [venue, address] of Object.entries({ ...simulator.venues })) {
    process.stdout.write(`  ${venue}: ${address.stream} ${simulator.ownPorts[venue]?.stream ?? ''}\n`);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
}
