import { connect, errors } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { ParallaxError } from '@parallax/types';
import { BackOff } from '../back-off.js';
import { reportFault, type FaultListener } from '../fault-feed.js';
import { systemPorts } from '../system-ports.js';
import type { BusPorts } from '../system-ports.js';
import type { Topology } from '../topology.js';
import { OUTLET_OPTIONS } from './client-outlet.js';
import { inboxPrefix } from './names.js';
import { NatsBus } from './nats-bus.js';
import { checkServerVersion } from './version.js';

export interface NatsOptions {
  /** `host:port` or `nats://host:port`, one or several of one cluster. */
  readonly servers: string | readonly string[];
  /** The service's user; its inboxes are `_INBOX_<user>`. Without it, an open server's one and only. */
  readonly user?: string;
  readonly password?: string;
  /** How the connection shows in the server's own lists. */
  readonly name: string;
  /** Tells which stream holds a subject, so that a repeated compare-and-set append is known as a duplicate. */
  readonly topology?: Topology;
  /** How long an append, a state write or a read may take; default 5,000. */
  readonly timeoutMs?: number;
  readonly ports?: Partial<BusPorts>;
  /** Told of faults while nobody listens ({@link Bus.onFault}); default: a line on stderr. */
  readonly onFault?: FaultListener;
}

const FIRST_RECONNECT_MS = 100;
const LONGEST_RECONNECT_MS = 5_000;
const DEFAULT_TIMEOUT_MS = 5_000;
/** A server that answers neither of two pings is taken as gone. */
const PING_EVERY_MS = 10_000;

/**
 * Joins a NATS server, and stays joined: after a loss it comes back for ever, with waits that grow to five seconds.
 * @throws ParallaxError `SERVICE_MISSING` when no server answers, `BUS_REFUSED` for a wrong user or password, `BUS_TIMEOUT` where
 * the login did not come in its time,
 * `BUS_SERVER_TOO_OLD` for a nats-server before 2.14.
 */
export async function connectNats(options: NatsOptions): Promise<NatsBus> {
  const ports = { ...systemPorts(), ...options.ports };
  const backOff = new BackOff(ports.random, FIRST_RECONNECT_MS, LONGEST_RECONNECT_MS);
  const connection = await openConnection(options, () => backOff.nextMs());
  try {
    checkServerVersion(connection.info?.version ?? 'unknown');
  } catch (error) {
    await connection.close();
    throw error;
  }
  return NatsBus.over(connection, {
    ports,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    inboxPrefix: options.user === undefined ? undefined : inboxPrefix(options.user),
    topology: options.topology,
    onFault: options.onFault ?? reportFault,
    onReconnected: () => backOff.reset(),
  });
}

export async function openConnection(options: NatsOptions, reconnectDelayHandler: () => number): Promise<NatsConnection> {
  const servers = typeof options.servers === 'string' ? options.servers : [...options.servers];
  try {
    return await connect({
      servers,
      name: options.name,
      ...(options.user === undefined
        ? {}
        : { user: options.user, pass: options.password, inboxPrefix: inboxPrefix(options.user) }),
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectDelayHandler,
      pingInterval: PING_EVERY_MS,
      // Else each request makes an error beforehand for its stack: a fourteenth of what risk and execution do.
      noAsyncTraces: true,
      ...OUTLET_OPTIONS,
    });
  } catch (error) {
    throw joiningRefused(error, options, [servers].flat().join(', '));
  }
}

/**
 * Why a server was not joined. Its word that the login did not come in its time (on a machine or a line that is too busy) comes in the
 * client's library as an error of authorisation, as a wrong password does, and says nothing of it.
 */
export function joiningRefused(error: unknown, options: Pick<NatsOptions, 'user'>, where: string): ParallaxError {
  if (error instanceof errors.AuthorizationError) {
    if (/timeout/i.test(error.message)) {
      const message = `nats-server at ${where} did not get the login in time and let go; its machine, this one or the line between them is too busy`;
      return new ParallaxError('BUS_TIMEOUT', message, { cause: error, retryable: true });
    }
    const refused = options.user === undefined ? 'has users, and no password was given' : `refuses user "${options.user}"`;
    return new ParallaxError('BUS_REFUSED', `nats-server at ${where} ${refused}`, { cause: error });
  }
  return new ParallaxError('SERVICE_MISSING', `no nats-server answers at ${where}`, { cause: error, retryable: true });
}
