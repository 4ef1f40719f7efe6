import { arbitrageOf } from '@parallax/app-arbitrage';
import { NormalisationService, type SymbolReport } from '@parallax/app-normalisation';
import { RegimeService } from '@parallax/app-regime';
import { readRecording, type Recording, type TapeFault } from '@parallax/recordings';
import {
  followTraces, publishInstruments, SteppedBus, SystemRandom, type Service, type ServiceContext, type ServiceLog,
} from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import type { ProcessTracing } from '@parallax/telemetry';
import type { InstrumentSpecification } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import type { Buses } from '../compose/buses.js';
import type { Settings } from '../compose/settings.js';
import { execution, paperVenues, risk } from '../compose/trading.js';
import { outcomeOf, type ReplayOutcome } from './outcome.js';
import { Player, type PlayerOptions } from './player.js';
import { LAST_STAGE, STAGES, type ServicePlan } from './stage.js';

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
  const contextOf = async (plan: ServicePlan): Promise<ServiceContext> => {
    const time = new VirtualTime(startUs);
    const bus = new SteppedBus(await request.buses.as(plan.publisher), plan, time, (error) => {
      log.error(`${plan.publisher} failed in a step`, { error: String(error) });
    });
    stepped.push(bus);
    return { bus, clock: time, timers: time, random: new SystemRandom(), log, instance: 'replay', tracing: tracing.of(plan.publisher) };
  };
  const normalisation = new NormalisationService(await contextOf(STAGES.normalisation), request.venues);
  const judge = risk(await contextOf(STAGES.risk), settings, 'alone');
  const services: Pick<Service, 'start' | 'stop'>[] = [
    normalisation,
    new RegimeService(await contextOf(STAGES.regime)),
    paperVenues(await contextOf(STAGES.paper), settings, null).service,
    judge,
    execution(await contextOf(STAGES.execution), settings),
    arbitrageOf(await contextOf(STAGES.arbitrage), settings),
  ];
  for (const service of services) await service.start();
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
  const outcome = await outcomeOf(await request.buses.as('gateway'), judge.health().counters.approved ?? 0);
  for (const service of services.toReversed()) await service.stop();
  // The frames that the last step named are noted before the tracing is closed.
  await ingestion.flush();
  unfollow();
  const { symbols, deadLetters } = normalisation.report();
  return { symbols, ...outcome, faults, faultCount, deadLetters, frames: player.frames };
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
