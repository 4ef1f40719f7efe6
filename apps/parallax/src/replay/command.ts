import { createMemoryBus } from '@parallax/bus';
import { identify } from '@parallax/recordings';
import { SystemClock, SystemTimers } from '@parallax/runtime';
import { ParallaxError } from '@parallax/types';
import { TOPOLOGY } from '@parallax/wire';
import { Command } from 'commander';
import { VENUES } from '@parallax/venues';
import { instrumentsOf } from './instruments.js';
import { replay } from './replay.js';
import { summaryTable } from './table.js';

interface Options {
  readonly venue?: string;
  readonly symbol?: string;
  readonly instruments?: string;
  readonly speed: string;
  readonly stepMs: string;
  readonly json?: boolean;
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('run recorded venue frames through the services, on NATS when NATS_URL is set, else in process')
    .argument('<recording...>', 'files of cryptofeed JSON lines or of "<timestamp> <raw json>" lines, plain or gzip')
    .option('--venue <id>', 'the venue, where neither name nor header of the file tells it')
    .option('--symbol <symbol>', 'the unified symbol, e.g. BTC/USDT:USDT')
    .option('--instruments <file>', 'a JSON list of instrument specifications that win over the catalogue')
    .option('--speed <factor>', 'multiple of the recorded pace, or max', '1')
    .option('--step-ms <ms>', 'event time that passes in one step', '20')
    .option('--json', 'print one JSON object instead of a table')
    .action(run);
}

async function run(files: string[], options: Options): Promise<void> {
  const speed = positive(options.speed === 'max' ? 'Infinity' : options.speed, '--speed', 'a number above 0, or max');
  const stepUs = Math.round(positive(options.stepMs, '--step-ms', 'a number of milliseconds above 0') * 1000);
  const clock = new SystemClock();
  const timers = new SystemTimers();
  const startedAtUs = clock.nowUs();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());

  const recordings = await Promise.all(files.map((file) => identify(file, VENUES, options.venue)));
  const instruments = await Promise.all(recordings.map((recording) => instrumentsOf(recording, options.symbol, options.instruments)));
  const bus = await createMemoryBus(TOPOLOGY);
  const progress = new ProgressLine(clock);
  const summary = await replay({
    recordings, instruments, stepUs,
    venues: VENUES,
    log: { info: () => {}, warn: (message, fields) => progress.say(message, fields), error: (message, fields) => progress.say(message, fields) },
    busAs: (user) => bus.as(user),
    onProgress: (now) => progress.show(now.frames, (now.nowUs - now.firstUs) / 1e6),
    pace: async (elapsedUs) => {
      if (speed === Infinity) return;
      const aheadMs = elapsedUs / speed / 1000 - (clock.nowUs() - startedAtUs) / 1000;
      if (aheadMs > 1) await new Promise<void>((resolve) => void timers.after(aheadMs, resolve));
    },
    signal: stop.signal,
  });
  await bus.drain();
  progress.end();
  const tookMs = Math.round((clock.nowUs() - startedAtUs) / 1000);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...summary, tookMs, interrupted: stop.signal.aborted })}\n`);
    return;
  }
  process.stdout.write(`${summaryTable(summary)}\n\n${summary.frames} frames in ${(tookMs / 1000).toFixed(1)} s\n`);
  for (const [reason, count] of Object.entries(summary.deadLetters)) process.stdout.write(`dead letters: ${count} × ${reason}\n`);
  for (const { file, line, reason } of summary.faults.slice(0, 10)) process.stdout.write(`${file}:${line}: ${reason}\n`);
  if (summary.faults.length > 10) process.stdout.write(`… and ${summary.faults.length - 10} more faults in the recordings\n`);
}

function positive(text: string, place: string, expected: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new ParallaxError('INPUT_REFUSED', `${place} is "${text}"; it takes ${expected}`, { place });
  return value;
}

/** One line on stderr that says how far the replay is; silent where nobody looks. */
class ProgressLine {
  private shownAtUs = 0;

  constructor(private readonly clock: { nowUs(): number }) {}

  show(frames: number, seconds: number): void {
    const nowUs = this.clock.nowUs();
    if (!process.stderr.isTTY || nowUs - this.shownAtUs < 100_000) return;
    this.shownAtUs = nowUs;
    process.stderr.write(`\r${frames.toLocaleString('en')} frames, ${seconds.toFixed(1)} s of event time `);
  }

  say(message: string, fields?: Record<string, unknown>): void {
    process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }
}
