import { MessageChannel, Worker } from 'node:worker_threads';
import { serveBusOver, type Bus } from '@parallax/bus';
import { repeat, type ServiceLog } from '@parallax/runtime';
import { ParallaxError, type Clock, type Timers } from '@parallax/types';
import type { GatewayOrder, GatewayReport, GatewayTask, GatewayWords } from './gateway-task.js';

/** A gateway that holds more has a leak, and ends; so the process does not. Memory outside of V8's heap is not bounded by it. */
const HEAP_MB = 512;
const PING_MS = 1_000;
/** A worker that answers so many pings not, one a second, does not run any more. */
const UNANSWERED_PINGS = 15;
/** While it starts it answers none: on a busy machine that takes long. */
const PINGS_OF_A_START = 120;
/** Who asks how the gateway is waits no longer than a probe would. */
const WORD_MS = 2_000;

/** What one worker needs besides its task. */
export interface ThreadOptions {
  /** The file that it runs. */
  readonly entry: URL;
  /** Served to the worker; null: it joins NATS itself. */
  readonly bus: Bus | null;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: ServiceLog;
}

/** One life of the gateway in a worker. */
export class GatewayThread {
  /** Where it listens. @throws ParallaxError why it cannot start, also when it ends before it has. */
  readonly started: Promise<string>;
  /** Why it ended. */
  readonly ended: Promise<string>;
  private readonly worker: Worker;
  private unanswered = 0;
  private mostUnanswered = PINGS_OF_A_START;
  private reason: string | null = null;
  private readonly asking: { readonly [Of in keyof GatewayWords]: Set<(word: GatewayWords[Of] | null) => void> } = { health: new Set(), metrics: new Set() };

  constructor(task: Omit<GatewayTask, 'bus'>, private readonly options: ThreadOptions) {
    const { entry, bus, clock, timers, log } = options;
    const channel = bus === null ? null : new MessageChannel();
    const served = channel && serveBusOver(channel.port1, bus!, {
      ports: { clock },
      onRefused: ({ message }, times) => log.warn('what the gateway sent over its port was refused', { reason: message, times }),
    });
    const workerData: GatewayTask = { ...task, bus: channel?.port2 ?? null };
    const environment = Object.fromEntries(Object.entries(task.environment).filter(([, value]) => value !== undefined));
    this.worker = new Worker(entry, {
      workerData, transferList: channel === null ? [] : [channel.port2], env: environment, name: 'gateway',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const stopPings = repeat(timers, PING_MS, () => this.ping());
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', (code) => {
        stopPings();
        served?.close();
        resolve(this.reason ?? `it ended by itself, with ${code}`);
      });
    });
    this.worker.on('error', (error: unknown) => (this.reason ??= error instanceof Error ? (error.stack ?? error.message) : String(error)));
    this.worker.on('messageerror', (error) => log.warn('a report of the gateway could not be read', { error: String(error) }));
    this.started = new Promise((resolve, reject) => {
      this.worker.on('message', (message: GatewayReport) => {
        this.unanswered = 0;
        if (message.is === 'started') {
          this.mostUnanswered = UNANSWERED_PINGS;
          resolve(message.address);
        } else if (message.is === 'health') {
          for (const answer of this.asking.health) answer(message.word);
        } else if (message.is === 'metrics') {
          for (const answer of this.asking.metrics) answer(message.word);
        } else if (message.is === 'refused') {
          this.reason ??= message.message;
          reject(new ParallaxError(message.code, message.message, message.place === undefined ? {} : { place: message.place }));
        }
      });
      void this.ended.then((reason) => reject(new ParallaxError('INTERNAL', `the gateway ended before it had started: ${reason}`)));
    });
    // Who does not look at how it started looks at its end.
    this.started.catch(() => {});
  }

  /** One of its words; null: it does not say it, or not in time. */
  ask<Of extends keyof GatewayWords>(of: Of): Promise<GatewayWords[Of] | null> {
    const asking: Set<(word: GatewayWords[Of] | null) => void> = this.asking[of];
    return new Promise((resolve) => {
      const finish = (word: GatewayWords[Of] | null): void => {
        cancel();
        asking.delete(finish);
        resolve(word);
      };
      const cancel = this.options.timers.after(WORD_MS, () => finish(null));
      asking.add(finish);
      this.order(of);
    });
  }

  /** Asks it to end in order. */
  stop(): void {
    this.order('stop');
  }

  /** Ends it wherever it is. */
  async terminate(reason: string): Promise<void> {
    this.reason ??= reason;
    await this.worker.terminate();
  }

  private ping(): void {
    const most = this.mostUnanswered;
    if (++this.unanswered > most) void this.terminate(`it stood still for ${(most * PING_MS) / 1_000} s and was ended`);
    else this.order('ping');
  }

  private order(order: GatewayOrder): void {
    this.worker.postMessage(order);
  }
}
