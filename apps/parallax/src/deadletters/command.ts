import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfiguration, systemEnvironment } from '@parallax/config';
import { ParallaxError } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { Command } from 'commander';
import { gatewayHttp } from '../gateway/http.js';
import { memoryBuses, natsBuses, type Buses } from '../compose/buses.js';
import { columns } from '../replay/table.js';
import { readAgain } from './again.js';
import { lettersOfBus, lettersOfGateway, type LetterSource } from './sources.js';

interface Options {
  readonly venue?: string;
  readonly gateway?: string;
  readonly limit: string;
  readonly json?: boolean;
}

const HELP = `
With --gateway asks a running gateway, which has the newest thousand and of each the first 4,096 characters. Else reads the
stream DEADLETTERS of NATS_URL (as the user gateway, NATS_GATEWAY_PASSWORD); without NATS_URL the embedded store in
PARALLAX_STATE, which a running system keeps to itself: ask its gateway, or stop it first.

Exit codes: 0 told; 1 the letters cannot be read.

Examples:
  parallax deadletters --venue okx --limit 5
  parallax deadletters --gateway http://127.0.0.1:8080
  parallax deadletters replay --json
`;

export function deadLettersCommand(): Command {
  const list = shared(new Command('deadletters'))
    .description('frames that could not be read: list them, or replay them through today’s reader')
    .addHelpText('after', HELP)
    .action((options: Options) => run(options, listed));
  const again = shared(new Command('replay'))
    .description('read kept frames with today’s code and say which would pass now')
    .action((_: Options, command: Command) => run(command.optsWithGlobals<Options>(), replayed));
  return list.addCommand(again);
}

const shared = (command: Command): Command => command
  .option('--venue <id>', 'only of this venue')
  .option('--gateway <address>', 'ask a running gateway, e.g. http://127.0.0.1:8080')
  .option('--limit <n>', 'how many, the newest', '20')
  .option('--json', 'print one JSON object a line');

async function run(options: Options, tell: (source: LetterSource, options: Options, limit: number) => Promise<string>): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new ParallaxError('INPUT_REFUSED', `--limit is "${options.limit}"; it takes a whole number above 0`, { place: '--limit' });
  }
  if (options.gateway !== undefined) {
    process.stdout.write(`${await tell(lettersOfGateway(gatewayHttp(systemEnvironment()), options.gateway), options, limit)}\n`);
    return;
  }
  const buses = await open();
  try {
    process.stdout.write(`${await tell(lettersOfBus(await buses.as('gateway')), options, limit)}\n`);
  } finally {
    await buses.drain();
  }
}

async function open(): Promise<Buses> {
  const environment = systemEnvironment();
  const { NATS_URL, PARALLAX_STATE } = readConfiguration(environment, ['NATS_URL', 'PARALLAX_STATE']);
  if (NATS_URL !== undefined) return natsBuses(NATS_URL, 'deadletters', environment);
  const directory = join(PARALLAX_STATE, 'bus');
  if (!existsSync(directory)) {
    throw new ParallaxError('INPUT_REFUSED', `nothing is kept in ${directory}: say NATS_URL, or PARALLAX_STATE`, { place: 'NATS_URL' });
  }
  try {
    return await memoryBuses(directory);
  } catch (error) {
    throw new ParallaxError('STORE_FAILED', `${(error as Error).message}. A running system keeps it to itself; it is asked by --gateway`, { cause: error });
  }
}

async function listed(source: LetterSource, { venue, json }: Options, limit: number): Promise<string> {
  const { letters, all } = await source.newest(venue, limit);
  if (json) return letters.map((one) => JSON.stringify({ sequence: one.sequence, ...one.letter })).join('\n');
  if (letters.length === 0) return 'no dead letters';
  const rows = letters.map(({ sequence, letter }) => [
    numberText(sequence), timeText(letter.receivedAtUs), letter.venue, letter.symbol ?? '', letter.reason.slice(0, 60), letter.place, letter.text.slice(0, 60),
  ]);
  return `${columns([['sequence', 'received', 'venue', 'symbol', 'reason', 'place', 'frame'], ...rows])}\n\n${letters.length}${all === null ? '' : ` of ${all}`}`;
}

async function replayed(source: LetterSource, { venue, json }: Options, limit: number): Promise<string> {
  const { letters } = await source.newest(venue, limit);
  const instruments = await source.instruments();
  const judged = letters.map(({ sequence, letter }) => ({ sequence, venue: letter.venue, was: letter.reason, now: readAgain(letter, VENUES, instruments) }));
  if (json) return judged.map((one) => JSON.stringify(one)).join('\n');
  if (judged.length === 0) return 'no dead letters';
  const rows = judged.map(({ sequence, venue: of, was, now }) => [
    numberText(sequence), of, was.slice(0, 60), now.verdict === 'passes' ? now.verdict : `${now.verdict}: ${now.reason.slice(0, 60)}`,
  ]);
  const passing = judged.filter(({ now }) => now.verdict === 'passes').length;
  return `${columns([['sequence', 'venue', 'was refused for', 'today'], ...rows])}\n\n${passing} of ${judged.length} would pass now`;
}

const numberText = (sequence: number | null): string => (sequence === null ? '' : String(sequence));
const timeText = (atUs: number): string => new Date(atUs / 1000).toISOString();
