import { NormalisationService, type SymbolReport } from '@parallax/app-normalisation';
import type { Bus } from '@parallax/bus';
import type { Recording, TapeFault } from '@parallax/recordings';
import { publishInstruments, ReplayTime, SteppedBus, SystemRandom, type Service, type ServiceContext, type ServiceLog, type StepPlan } from '@parallax/runtime';
import type { InstrumentSpecification, ServiceName } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import { Player, type PlayerOptions } from './player.js';
import { LAST_STAGE, STAGES } from './stage.js';

export interface ReplayRequest {
  readonly recordings: readonly Recording[];
  /** Instruments of each recording, in the same order. */
  readonly instruments: readonly (readonly InstrumentSpecification[])[];
  readonly venues: ReadonlyMap<string, VenueDefinition>;
  readonly stepUs: number;
  readonly log: ServiceLog;
  /** The bus as one of the services; the player is ingestion. */
  busAs(user: ServiceName): Bus;
  readonly onProgress: PlayerOptions['onProgress'];
  readonly pace: PlayerOptions['pace'];
  readonly signal: AbortSignal;
}

export interface ReplaySummary {
  readonly symbols: readonly SymbolReport[];
  readonly faults: readonly TapeFault[];
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly frames: number;
}

/** Runs recordings through the same services that run live, in lockstep with event time. */
export async function replay(request: ReplayRequest): Promise<ReplaySummary> {
  const faults: TapeFault[] = [];
  const ingestion = request.busAs('ingestion');
  await publishInstruments(ingestion, request.instruments.flat());
  const contextOf = (plan: StepPlan): ServiceContext => {
    const time = new ReplayTime();
    const bus = new SteppedBus(request.busAs(plan.publisher as ServiceName), plan, time, (error) => {
      request.log.error(`${plan.publisher} failed in a step`, { error: String(error) });
    });
    return { bus, clock: time, timers: time, random: new SystemRandom(), log: request.log, instance: 'replay' };
  };
  const [normalisationPlan] = STAGES;
  const normalisation = new NormalisationService(contextOf(normalisationPlan), request.venues);
  const services: Service[] = [normalisation];
  for (const service of services) await service.start();
  const player = new Player(ingestion, request.recordings, {
    stepUs: request.stepUs,
    waitsFor: LAST_STAGE,
    symbolOf: (recording, venueSymbol) => request.instruments[recording].find((one) => one.venueSymbol === venueSymbol)?.symbol,
    onFault: (fault) => faults.push(fault),
    onProgress: request.onProgress,
    pace: request.pace,
    signal: request.signal,
  });
  await player.play();
  for (const service of services.toReversed()) await service.stop();
  const { symbols, deadLetters } = normalisation.report();
  return { symbols, faults, deadLetters, frames: player.frames };
}
