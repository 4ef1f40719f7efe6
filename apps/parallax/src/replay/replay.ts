import { arbitrageDefinition, arbitrageOf } from '@parallax/app-arbitrage';
import { executionDefinition, executionOf } from '@parallax/app-execution';
import { normalisationDefinition, NormalisationService, type SymbolReport } from '@parallax/app-normalisation';
import { paperVenueDefinition, paperVenuesOf } from '@parallax/app-paper-venue';
import { regimeDefinition, RegimeService } from '@parallax/app-regime';
import { riskDefinition, riskOf } from '@parallax/app-risk';
import type { Settings } from '@parallax/config';
import { readRecording, type Recording, type TapeFault } from '@parallax/recordings';
import {
  followTraces, publishInstruments, SteppedBus, SystemRandom, type ServiceContext, type ServiceLog,
} from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import type { ProcessTracing } from '@parallax/telemetry';
import type { InstrumentSpecification } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import type { Buses } from '../compose/buses.js';
import { House } from '../compose/house.js';
import { outcomeOf, type ReplayOutcome } from './outcome.js';
import { Player, type PlayerOptions } from './player.js';
import { LAST_STAGE, planOf } from './stage.js';

export interface ReplayRequest {
  readonly recordings: readonly Recording[];
  /** Instruments of each recording, in the same order. */
  readonly instruments: readonly (readonly InstrumentSpecification[])[];
  readonly venues: ReadonlyMap<string, VenueDefinition>;
  readonly stepUs: number;
  readonly log: ServiceLog;
  /** The player speaks as ingestion. */
  readonly buses: Buses;
  readonly settings: Settings;
  /** Closed by whoever opened it. */
  readonly tracing: ProcessTracing;
  readonly onProgress: PlayerOptions['onProgress'];
  readonly pace: PlayerOptions['pace'];
  readonly signal: AbortSignal;
}

export interface ReplaySummary extends ReplayOutcome {
  readonly symbols: readonly SymbolReport[];
  /** Faults of the recordings, the first of them; {@link faultCount} tells how many there are. */
  readonly faults: readonly TapeFault[];
  readonly faultCount: number;
  readonly deadLetters: Readonly<Record<string, number>>;
  /** Differences in prices that were not worth taking, by reason. */
  readonly notTaken: Readonly<Record<string, number>>;
  readonly frames: number;
}

/** A file of nothing but garbage must not fill memory or screen. */
const FAULTS_KEPT = 100;

/** Runs recordings through the same services that run live, in lockstep with event time. */
export async function replay(request: ReplayRequest): Promise<ReplaySummary> {
  const { settings, recordings, tracing, log } = request;
  const faults: TapeFault[] = [];
  let faultCount = 0;
  const ingestion = await request.buses.as('ingestion');
  await publishInstruments(ingestion, request.instruments.flat());
  const startUs = await firstTime(recordings);
  const stepped: SteppedBus[] = [];
  const house = new House(async (name): Promise<ServiceContext> => {
    const plan = planOf(name);
    const time = new VirtualTime(startUs);
    const bus = new SteppedBus(await request.buses.as(plan.publisher), plan, time, (error) => {
      log.error(`${plan.publisher} failed in a step`, { error: String(error) });
    });
    stepped.push(bus);
    return { bus, clock: time, timers: time, random: new SystemRandom(), log, instance: 'replay', tracing: tracing.of(plan.publisher) };
  });
  const normalisation = await house.start(normalisationDefinition, (context) => new NormalisationService(context, request.venues));
  await house.start(regimeDefinition, (context) => new RegimeService(context));
  await house.start(paperVenueDefinition, (context) => paperVenuesOf(context, settings, 'alone'));
  const risk = await house.start(riskDefinition, (context) => riskOf(context, settings, 'alone'));
  await house.start(executionDefinition, (context) => executionOf(context, settings, 'alone'));
  const arbitrage = await house.start(arbitrageDefinition, (context) => arbitrageOf(context, settings));
  // Whoever rebuilds its state, or is granted a lease, has done so before the first step.
  for (const bus of stepped) await bus.settle();
  const frames = tracing.of('ingestion');
  const unfollow = followTraces({ bus: ingestion, tracing: frames, log });
  const player = new Player(ingestion, recordings, frames, {
    stepUs: request.stepUs,
    waitsFor: LAST_STAGE,
    symbolOf: (recording, venueSymbol) => request.instruments[recording].find((one) => one.venueSymbol === venueSymbol)?.symbol,
    onFault: (fault) => {
      if (faultCount++ < FAULTS_KEPT) faults.push(fault);
    },
    onProgress: request.onProgress,
    pace: request.pace,
    signal: request.signal,
  });
  await player.play();
  const notTaken = countsNamed('notTaken:', arbitrage.health().counters);
  const outcome = await outcomeOf(await request.buses.as('gateway'), risk.health().counters.approved ?? 0);
  await house.stop();
  // The frames that the last step named are noted before the tracing is closed.
  await ingestion.flush();
  unfollow();
  const { symbols, deadLetters } = normalisation.report();
  return { symbols, ...outcome, notTaken, faults, faultCount, deadLetters, frames: player.frames };
}

function countsNamed(prefix: string, counters: Readonly<Record<string, number>>): Record<string, number> {
  const named = Object.entries(counters).filter(([name, count]) => name.startsWith(prefix) && count > 0);
  return Object.fromEntries(named.map(([name, count]) => [name.slice(prefix.length), count]));
}

/** The earliest moment that the recordings know; services begin their time there. */
async function firstTime(recordings: readonly Recording[]): Promise<number> {
  let earliest = Infinity;
  for (const recording of recordings) {
    for await (const { receivedAtUs } of readRecording(recording, () => {})) {
      earliest = Math.min(earliest, receivedAtUs);
      break;
    }
  }
  return earliest === Infinity ? 0 : earliest;
}
