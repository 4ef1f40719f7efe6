import { BackOff } from '@parallax/bus';
import type { Environment } from '@parallax/config';
import type { Random, Remembered } from '@parallax/types';
import type { GatewayTask, GatewayWords } from './gateway-task.js';
import { GatewayThread, type ThreadOptions } from './gateway-thread.js';

const FIRST_AGAIN_MS = 200;
/** After so long a life the next wait begins small again. */
const STEADY_US = 60_000_000;
const TOKEN_BYTES = 24;
/** Passwords of the bus: each user's is its own. */
const PASSWORD = /^NATS_.*_PASSWORD$/;
const OWN_PASSWORD = 'NATS_GATEWAY_PASSWORD';

export interface KeeperOptions extends ThreadOptions {
  readonly environment: Environment;
  readonly instance: string;
  readonly level: GatewayTask['level'];
  readonly random: Random;
  /** What the gateway shows of the market until it hears it; null: the worker reads it itself. */
  readonly recall: () => Promise<Remembered> | null;
  /** The longest wait before a worker that ended is started again. */
  readonly longestAgainMs: number;
  /** How long a worker may take to end in order before it is ended wherever it is. */
  readonly stopWithinMs: number;
}

/**
 * Keeps the gateway, which serves the public, in a worker of its own: when that ends unasked, for whatever reason, it is
 * started again at the same address, and what trades goes on meanwhile.
 */
export class GatewayKeeper {
  /** Where the gateway is, once started; the same for as long as this process lives. */
  address = '';
  restarts = 0;
  private readonly backOff: BackOff;
  private readonly startToken: string;
  private environment: Environment;
  private thread: GatewayThread | null = null;
  private cancelAgain = (): void => {};
  private stopping = false;
  private startedAtUs = 0;

  constructor(private readonly options: KeeperOptions) {
    this.backOff = new BackOff(options.random, FIRST_AGAIN_MS, options.longestAgainMs);
    this.startToken = options.random.id(TOKEN_BYTES);
    this.environment = Object.fromEntries(Object.entries(options.environment).filter(([name]) => !PASSWORD.test(name) || name === OWN_PASSWORD));
  }

  /** @throws ParallaxError why it cannot start: the first time it is not tried again. */
  async start(): Promise<void> {
    const thread = await this.open();
    this.address = await thread.started;
    // A port that the system chose stays.
    this.environment = { ...this.environment, PORT: new URL(this.address).port };
    void thread.ended.then((reason) => this.onEnded(reason));
  }

  /** One of its words; null: it is away, or does not say it in time. */
  ask<Of extends keyof GatewayWords>(of: Of): Promise<GatewayWords[Of] | null> {
    return this.thread?.ask(of) ?? Promise.resolve(null);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.cancelAgain();
    const { thread } = this;
    if (thread === null) return;
    thread.stop();
    const cancel = this.options.timers.after(this.options.stopWithinMs, () => void thread.terminate('it did not end in time'));
    await thread.ended;
    cancel();
  }

  private async open(): Promise<GatewayThread> {
    const { instance, level, recall } = this.options;
    const { environment, startToken, restarts } = this;
    const remembered = await recall();
    this.thread = new GatewayThread({ environment, instance, level, remembered, startToken, restarts }, this.options);
    this.startedAtUs = this.options.clock.nowUs();
    return this.thread;
  }

  private onEnded(reason: string): void {
    this.thread = null;
    if (this.stopping) return;
    const { clock, log, timers } = this.options;
    if (clock.nowUs() - this.startedAtUs >= STEADY_US) this.backOff.reset();
    this.restarts++;
    const againInMs = this.backOff.nextMs();
    log.error('the gateway ended unasked and is started again; trading goes on', { error: reason, occurrence: this.restarts, againInMs });
    this.cancelAgain = timers.after(againInMs, () => void this.startAgain());
  }

  private async startAgain(): Promise<void> {
    if (this.stopping) return;
    const thread = await this.open();
    void thread.ended.then((reason) => this.onEnded(reason));
    await thread.started.then(() => this.options.log.warn('the gateway is back', { address: this.address, occurrence: this.restarts }), () => {});
  }
}
