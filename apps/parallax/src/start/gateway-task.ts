import type { MessagePort } from 'node:worker_threads';
import type { Environment } from '@parallax/config';
import type { LogLevel } from '@parallax/telemetry';
import type { ErrorCode, Remembered, ServiceHealth } from '@parallax/types';

/** What a worker is given to run the gateway with. */
export interface GatewayTask {
  /** The bus of this process; null: a connection of its own to NATS_URL. */
  readonly bus: MessagePort | null;
  readonly environment: Environment;
  readonly instance: string;
  readonly level: LogLevel;
  /** What this process remembers of the market; null: it is in a Redis, which the worker reads itself. */
  readonly remembered: Remembered | null;
  /** The same for each start, so that an open page stays valid. */
  readonly startToken: string;
  /** How often it was started again. */
  readonly restarts: number;
}

/** From the worker. */
export type GatewayReport =
  | { readonly is: 'started'; readonly address: string }
  /** It cannot start, for a reason that the error says to people. */
  | { readonly is: 'refused'; readonly code: ErrorCode; readonly message: string; readonly place: string | undefined }
  | { readonly is: 'alive' }
  | GatewayAnswer;

/** What the gateway says to probes and scrapers, by what it is asked for. */
export interface GatewayWords {
  readonly health: ServiceHealth;
  /** Prometheus' text form. */
  readonly metrics: string;
}

/** Null: it could not say it. */
export type GatewayAnswer = { [Of in keyof GatewayWords]: { readonly is: Of; readonly word: GatewayWords[Of] | null } }[keyof GatewayWords];

/** To the worker: whether it still runs its turns, to say one of its words, or to end in order. */
export type GatewayOrder = 'ping' | 'stop' | keyof GatewayWords;
