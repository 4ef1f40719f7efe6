import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { provision, PROVISIONER, purgeStreams, streamHoldings, type NatsOptions } from '@parallax/bus';
import { readConfiguration, type Environment } from '@parallax/config';
import { TRACES } from '@parallax/telemetry';
import { ParallaxError, type Timers } from '@parallax/types';
import { BUCKETS, patterns, TOPOLOGY } from '@parallax/wire';
import type { Buses } from '../compose/buses.js';

/** Every service says how it is once a second. */
const LISTEN_MS = 1_500;
const STREAMS = TOPOLOGY.streams.map(({ name }) => name);
/** State that a replay fills and that services fill anew at their start. Halts and keys are never touched. */
const FILLED = [BUCKETS.instruments, BUCKETS.leases];

/** Where the latest replay's traces are, apart from those of a live system that uses the same state. */
export function replayDirectory(environment: Environment): string {
  return join(readConfiguration(environment, ['PARALLAX_STATE']).PARALLAX_STATE, 'replay');
}

/** Takes away the traces of the replay before: the same recording gives the same ids, and only the latest run is asked about. */
export async function clearTraces(directory: string): Promise<void> {
  await rm(join(directory, TRACES), { recursive: true, force: true });
}

/** The provisioner of the server at `url`; without a password where the server has no users. */
export function provisionerOf(url: string, environment: Environment): NatsOptions {
  const { NATS_PROVISIONER_PASSWORD: password } = readConfiguration(environment, ['NATS_PROVISIONER_PASSWORD']);
  const credentials = password === undefined ? {} : { user: PROVISIONER, password };
  return { servers: url.split(','), name: 'parallax-provisioner', topology: TOPOLOGY, ...credentials };
}

/**
 * Makes a NATS server ready for a replay, so that replayed events never mix with live ones: no service may run on it,
 * and its streams must be empty, or are emptied with `fresh`.
 * @returns what empties it again when the replay is over.
 * @throws ParallaxError `INPUT_REFUSED` with the way out.
 */
export async function scratchServer(url: string, environment: Environment, buses: Buses, timers: Timers, fresh: boolean): Promise<() => Promise<void>> {
  const admin = provisionerOf(url, environment);
  await provision(admin, TOPOLOGY);
  await refuseCompany(url, buses, timers);
  const kept = (await streamHoldings(admin, STREAMS)).filter(({ messages }) => messages > 0);
  if (kept.length > 0 && !fresh) {
    const list = kept.map(({ stream, messages }) => `${stream} ${messages}`).join(', ');
    const message = `the streams of ${url} keep messages (${list}): replay on an empty NATS, or let --fresh delete them`;
    throw new ParallaxError('INPUT_REFUSED', message, { place: 'NATS_URL' });
  }
  const empty = async (): Promise<void> => {
    await purgeStreams(admin, STREAMS, FILLED);
    // With the leases went the identity that their epochs are of.
    await provision(admin, TOPOLOGY);
  };
  await empty();
  return empty;
}

/** Services that are up would trade on what is replayed; no option lets that pass. */
async function refuseCompany(url: string, buses: Buses, timers: Timers): Promise<void> {
  const bus = await buses.as('monitoring');
  const heard = new Set<string>();
  const subscription = bus.subscribe(patterns.serviceHealth, ({ subject }) => void heard.add(subject.split('.')[2]));
  await new Promise<void>((resolve) => void timers.after(LISTEN_MS, resolve));
  subscription.unsubscribe();
  if (heard.size === 0) return;
  const message = `services run on ${url} (${[...heard].toSorted().join(', ')}) and would take a replay for the market: ` +
    'stop them, or replay on another NATS or in process (without NATS_URL)';
  throw new ParallaxError('INPUT_REFUSED', message, { place: 'NATS_URL' });
}
