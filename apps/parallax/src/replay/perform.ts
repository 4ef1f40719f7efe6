import { readConfiguration, settingsOf, type Environment } from '@parallax/config';
import { identify } from '@parallax/recordings';
import { SystemClock, SystemTimers, type ServiceLog } from '@parallax/runtime';
import { tracingOf } from '@parallax/service-host';
import { ParallaxError } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { memoryBuses, natsBuses } from '../compose/buses.js';
import { instrumentsOf } from './instruments.js';
import { paced } from './pace.js';
import type { PlayerOptions } from './player.js';
import { replay, type ReplaySummary } from './replay.js';
import { clearTraces, scratchServer } from './scratch.js';

export interface ReplayOrder {
  readonly files: readonly string[];
  /** Where neither name nor header of a file tells it. */
  readonly venue?: string | undefined;
  readonly symbol?: string | undefined;
  /** A file of instrument specifications. */
  readonly instruments?: string | undefined;
  /** Multiple of the recorded pace; Infinity = as fast as it goes. */
  readonly speed: number;
  readonly stepUs: number;
  /** Delete what the streams of the NATS keep. */
  readonly fresh: boolean;
  /** Its traces are written here, in place of those of the replay before; null: they are not kept. */
  readonly stateDirectory: string | null;
  /** NATS_URL and passwords; the collector. */
  readonly environment: Environment;
  readonly log: ServiceLog;
  readonly onProgress: PlayerOptions['onProgress'];
  readonly signal: AbortSignal;
}

export interface ReplayResult extends ReplaySummary {
  readonly tookMs: number;
  /** What the recordings do not say and was assumed, in sentences. */
  readonly assumed: readonly string[];
  readonly interrupted: boolean;
}

/** Opens recordings and bus, replays, and leaves nothing behind but traces. @throws ParallaxError with one sentence. */
export async function performReplay(order: ReplayOrder): Promise<ReplayResult> {
  const { environment, signal, log, stateDirectory } = order;
  const clock = new SystemClock();
  const timers = new SystemTimers();
  const startedAtUs = clock.nowUs();
  const recordings = await Promise.all(order.files.map((file) => identify(file, VENUES, order.venue)));
  const known = await Promise.all(recordings.map((one) => instrumentsOf(one, order.symbol, order.instruments)));
  const instruments = known.map((one) => one.instruments);

  const { NATS_URL: url } = readConfiguration(environment, ['NATS_URL']);
  const buses = url === undefined ? await memoryBuses() : natsBuses(url, 'replay', environment);
  const tracing = tracingOf(environment, 'replay', { clock, log }, stateDirectory);
  let empty = (): Promise<void> => Promise.resolve();
  try {
    if (stateDirectory !== null) await clearTraces(stateDirectory);
    if (url !== undefined) empty = await scratchServer(url, environment, buses, timers, order.fresh);
    const venues = [...new Set(recordings.map(({ definition }) => definition.id))];
    const summary = await replay({
      recordings, instruments, stepUs: order.stepUs, venues: VENUES, log, buses, tracing,
      settings: { ...settingsOf(environment, VENUES), venues, stateDirectory: null },
      onProgress: order.onProgress,
      pace: order.speed === Infinity ? () => Promise.resolve() : paced(order.speed, clock, timers, signal),
      signal,
    });
    if (summary.frames === 0 && !signal.aborted) throw nothingRead(order.files, summary);
    return { ...summary, assumed: known.flatMap((one) => one.assumed), tookMs: Math.round((clock.nowUs() - startedAtUs) / 1000), interrupted: signal.aborted };
  } finally {
    await Promise.all([buses.drain(), tracing.close()]);
    await empty();
  }
}

function nothingRead(files: readonly string[], { faults }: ReplaySummary): ParallaxError {
  const reason = faults.length === 0 ? '' : `; line ${faults[0].line}: ${faults[0].reason}`;
  return new ParallaxError('RECORDING_REFUSED', `no frame can be read from ${files.join(', ')}${reason}`, { place: files[0] });
}
