import type { BusFault } from '@parallax/bus';
import { checkConfiguration, readConfiguration, refuseTogether, settingsOf, systemEnvironment, venueChecks, type Environment } from '@parallax/config';
import { gatewayDefinition, refuseOpenHost } from '@parallax/gateway';
import { makeDirectory, SystemClock, SystemTimers } from '@parallax/runtime';
import { askedToEnd, endOnFault } from '@parallax/service-host';
import { createLog, standardError, type Log } from '@parallax/telemetry';
import { fileFaultText, ParallaxError, SYSTEM_SERVICES, type Clock } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { Command, Option } from 'commander';
import { memoryBuses, natsBuses, type Buses } from '../compose/buses.js';
import { chosenBus, type BusChoice } from './bus-choice.js';
import { instanceName, startSystem, type GatewayLife } from './system.js';

export interface StartOptions {
  readonly bus?: BusChoice;
  readonly market?: string;
  readonly port?: string;
  readonly fees?: string;
  readonly minEdgeBps?: string;
  readonly paperFaults?: string;
  readonly fresh?: boolean;
}

export function startCommand(): Command {
  return new Command('start')
    .description('start every service in this process and print the address of the page')
    .addOption(new Option('--market <market>', 'local simulated venues, or the venues’ public endpoints with paper execution').choices(['simulated', 'live']))
    .addOption(new Option('--bus <bus>', 'the bus inside this process, or join the running one of NATS_URL with all services').choices(['embedded', 'nats']))
    .option('--port <port>', 'port of the page and the API (PORT)')
    .option('--fees <rates>', 'taker fee rates, e.g. 0.0005 or binance=0.0005,*=0.001 (FEES)')
    .option('--min-edge-bps <bps>', 'smallest net edge worth taking, in basis points (MIN_EDGE_BPS)')
    .option('--paper-faults <faults>', 'seeded faults of the paper venues, e.g. refused=0.1,partial=0.2,latency=5-50 (PAPER_FAULTS)')
    .option('--fresh', 'keep nothing of earlier runs and nothing for later ones')
    .action((options: StartOptions) => start(options));
}

/** Runs everything until it is asked to end. `gatewayLife`: how the gateway's worker lives, where it is not as usual. */
export async function start(options: StartOptions, gatewayLife?: GatewayLife): Promise<void> {
  const given = environmentWith(options);
  refuseTogether([
    () => checkConfiguration(given, SYSTEM_SERVICES), ...venueChecks(given, VENUES), ...(gatewayDefinition.checks?.(given) ?? []),
    // On a bus of others keys may lie in shared state.
    () => (chosenBus(given, options.bus) === 'embedded' ? refuseOpenHost(given) : undefined),
  ]);
  const isEmbedded = chosenBus(given, options.bus) === 'embedded';
  const environment = isEmbedded ? { ...given, NATS_URL: undefined } : given;
  const read = settingsOf(environment, VENUES);
  const settings = options.fresh ? { ...read, stateDirectory: null } : read;
  const { LOG_LEVEL, STOP_WITHIN_MS } = readConfiguration(environment, ['LOG_LEVEL', 'STOP_WITHIN_MS']);
  const level = LOG_LEVEL === 'info' ? 'warn' : LOG_LEVEL;
  const instance = instanceName(environment);
  const clock = new SystemClock();
  const log = createLog({ service: 'parallax', instance, level });
  const asked = askedToEnd();
  // From the first word on, whatever is under way then: nothing else ends what hangs.
  void asked.then(() => new SystemTimers().after(STOP_WITHIN_MS, () => {
    say('something did not end in time; leaving it');
    process.exit(1);
  }));
  const buses = await open(environment, instance, settings.stateDirectory, clock, log);
  let stop = (): Promise<void> => buses.drain();
  endOnFault({ log, limitMs: STOP_WITHIN_MS, stop: () => stop() });
  say(`starting: ${settings.market === 'simulated' ? 'simulated venues' : 'public market data'}, paper execution, bus ${buses.transport === 'nats' ? 'NATS' : 'in process'}`);
  const logs = { of: (service: string) => createLog({ service, instance, level }), level };
  const started = startSystem(settings, environment, buses, clock, logs, gatewayLife);
  const system = await Promise.race([started, asked]);
  if (typeof system !== 'string') {
    stop = () => system.stop();
    say(`probes and metrics of all services are at ${system.probes}  (/healthz, /readyz, /metrics; SERVICE_PORT chooses the port)`);
    say(`Parallax is at ${system.address}  (Ctrl-C ends it)`);
    await asked;
  } else {
    // What starts is let finish, so that it can end in order.
    stop = async () => (await started).stop();
  }
  say('ending: letting what is under way come to rest');
  await stop();
  say('ended');
  process.exit(0);
}

function open(environment: Environment, instance: string, directory: string | null, clock: Clock, log: Log): Promise<Buses> {
  const { NATS_URL } = readConfiguration(environment, ['NATS_URL']);
  if (NATS_URL !== undefined) return Promise.resolve(natsBuses(NATS_URL, instance, environment, clock));
  const onFault = ({ place, error }: BusFault): void => log.error('the bus failed at something and tries again', { place, error: String(error) });
  if (directory === null) return memoryBuses(undefined, clock, onFault);
  return openKept(directory, clock, onFault);
}

/** @throws ParallaxError `STORE_FAILED` that says what is wrong with the directory, and what to do. */
async function openKept(directory: string, clock: Clock, onFault: (fault: BusFault) => void): Promise<Buses> {
  try {
    makeDirectory(directory);
    return await memoryBuses(`${directory}/bus`, clock, onFault);
  } catch (error) {
    const reason = error instanceof ParallaxError ? error.message : `the directory "${directory}" cannot be made: ${fileFaultText(error)}`;
    const other = 'Or give this start another PARALLAX_STATE, or --fresh, which keeps nothing';
    throw new ParallaxError('STORE_FAILED', `${reason}. ${other}`, { cause: error, place: 'PARALLAX_STATE' });
  }
}

/** Options are another way to give the same variables, and win over them. */
function environmentWith(options: StartOptions): Environment {
  const given = {
    ...(options.market === undefined ? {} : { PARALLAX_MARKET: options.market }),
    ...(options.port === undefined ? {} : { PORT: options.port }),
    ...(options.fees === undefined ? {} : { FEES: options.fees }),
    ...(options.minEdgeBps === undefined ? {} : { MIN_EDGE_BPS: options.minEdgeBps }),
    ...(options.paperFaults === undefined ? {} : { PAPER_FAULTS: options.paperFaults }),
    ...(options.fresh ? { REDIS_URL: undefined } : {}),
  };
  return { ...systemEnvironment(), ...given };
}

const say = (line: string): void => standardError.write(`parallax: ${line}\n`);
