import { rm } from 'node:fs/promises';
import { Fetch, ingestionDefinition, IngestionService, WebSockets } from '@parallax/app-ingestion';
import { normalisationDefinition, NormalisationService, type SymbolReport } from '@parallax/app-normalisation';
import { CaptureWriter } from '@parallax/recordings';
import { SystemClock, SystemRandom, SystemTimers, type ServiceLog } from '@parallax/runtime';
import { ParallaxError } from '@parallax/types';
import type { Endpoints, FeedName, VenueDefinition } from '@parallax/venues';
import { memoryBuses } from '../compose/buses.js';
import { House } from '../compose/house.js';
import { RecordingHttp, RecordingSockets } from './taps.js';

export interface RecordOrder {
  readonly definition: VenueDefinition;
  readonly symbols: readonly string[];
  readonly feeds: readonly FeedName[];
  /** Replaces the venue's own addresses. */
  readonly endpoints?: Endpoints | undefined;
  readonly file: string;
  /** Infinity: until the signal. */
  readonly forMs: number;
  readonly log: ServiceLog;
  readonly onProgress: (now: Recorded) => void;
  readonly signal: AbortSignal;
}

export interface Recorded {
  readonly frames: number;
  readonly bytes: number;
  readonly connections: number;
  readonly symbols: readonly SymbolReport[];
}

const LOOK_EVERY_MS = 200;
/** A venue that has said nothing by then is not there, or not as we know it. */
const FIRST_FRAME_WITHIN_US = 20_000_000;

/**
 * Records a venue through ingestion itself, with normalisation behind it: that asks for snapshots and resyncs as it does
 * live, so that a capture holds what a replay needs. Ends by itself, or at the signal; either way the file is whole, and
 * none is left where no frame came.
 * @throws ParallaxError `VENUE_UNREACHABLE` when no frame came, `INPUT_REFUSED` when the file cannot be written.
 */
export async function record(order: RecordOrder): Promise<Recorded> {
  const { definition, symbols, feeds, endpoints, signal } = order;
  const clock = new SystemClock();
  const timers = new SystemTimers();
  const startedAtUs = clock.nowUs();
  const buses = await memoryBuses();
  const house = new House(async (service) => ({
    bus: await buses.as(service), clock, timers, random: new SystemRandom(), log: order.log, instance: 'record',
  }));
  const config = Object.fromEntries(feeds.map((feed) => [feed, symbols]));
  const capture = new CaptureWriter(order.file, { venue: definition.id, config, recordedAtUs: startedAtUs });
  const sockets = new RecordingSockets(new WebSockets(clock), capture, clock, definition.id);
  const http = new RecordingHttp(new Fetch(), capture, clock, definition.id);
  const selection = { definition, symbols, feeds, ...(endpoints ? { endpoints } : {}) };
  try {
    const normalisation = await house.start(normalisationDefinition, (context) => new NormalisationService(context, new Map([[definition.id, definition]])));
    const ingestion = await house.start(ingestionDefinition, (context) => new IngestionService(context, sockets, http, [selection]));
    const now = (): Recorded => ({
      frames: sockets.frames, bytes: capture.bytes, connections: sockets.connections, symbols: normalisation.report().symbols,
    });
    while (!signal.aborted && clock.nowUs() - startedAtUs < order.forMs * 1000) {
      await pause(timers, Math.min(LOOK_EVERY_MS, order.forMs), signal);
      capture.check();
      order.onProgress(now());
      if (sockets.frames === 0 && clock.nowUs() - startedAtUs > FIRST_FRAME_WITHIN_US) break;
    }
    if (sockets.frames === 0 && !signal.aborted) throw silent(definition, ingestion);
    return now();
  } finally {
    await house.stop();
    await buses.drain();
    await capture.close();
    if (sockets.frames === 0) await rm(order.file, { force: true });
  }
}

function silent(definition: VenueDefinition, ingestion: IngestionService): ParallaxError {
  const reason = (ingestion.health().degraded ?? []).join('; ') || 'connected, but nothing was sent';
  return new ParallaxError('VENUE_UNREACHABLE', `no frame came from ${definition.name}: ${reason}`);
}

function pause(timers: SystemTimers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
    function end(): void {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}
