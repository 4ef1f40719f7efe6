import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { ParallaxError } from '@parallax/types';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Bus, BusMessage, SubscribeOptions, Subscription } from '../bus.js';
import { encodeFault, encodeReply } from '../json-reply.js';
import { BusContext } from './bus-context.js';

/** The second argument of `@EventPattern` and `@MessagePattern`. */
export interface BusPatternExtras extends SubscribeOptions {
  /** The handler gets the bytes as they are instead of parsed JSON. */
  readonly raw?: boolean;
  /** Heard only while this instance acts ({@link BusStrategy.setActing}): of those that stand for a lease, the holder answers. */
  readonly whileActing?: boolean;
}

/** Told of every error of a handler, whether somebody waits for an answer or not. */
export type OnFault = (error: unknown, subject: string) => void;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Lets Nest controllers hear the bus: `@EventPattern(subject or pattern, extras?)` and `@MessagePattern(...)`. Handlers
 * are called directly and not through Nest's `handleEvent`, which costs five times as much; pipes, guards, interceptors
 * and filters of the handler still run, as Nest wraps them around it. The bus is its owner's: closing the application
 * lets the handlers finish and leaves the bus open.
 */
export class BusStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('PARALLAX_BUS');
  private readonly lasting: Subscription[] = [];
  private readonly passing: Subscription[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly onFault: OnFault;
  private listening = false;
  private acting = false;

  /** Without `onFault`, Nest's own logger is told. */
  constructor(private readonly bus: Bus, onFault?: OnFault) {
    super();
    this.onFault = onFault ?? ((error, subject) => this.logger.error(`handler of "${subject}" failed: ${String(error)}`));
  }

  listen(callback: (error?: unknown) => void): void {
    this.listening = true;
    this.subscribeAll(false, this.lasting);
    if (this.acting) this.subscribeAll(true, this.passing);
    this.bus.flush().then(() => callback(), callback);
  }

  /** Begins or ends to hear what only an acting instance answers; what is under way is finished. */
  setActing(acting: boolean): void {
    if (acting === this.acting) return;
    this.acting = acting;
    if (!acting) for (const subscription of this.passing.splice(0)) subscription.unsubscribe();
    else if (this.listening) this.subscribeAll(true, this.passing);
  }

  async close(): Promise<void> {
    this.listening = false;
    await Promise.all([...this.lasting.splice(0), ...this.passing.splice(0)].map((subscription) => subscription.drain()));
    await Promise.all(this.underWay);
  }

  on(): void {
    // The bus tells its own status through Bus.onStatus.
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the signature is Nest's.
  unwrap<T>(): T {
    return this.bus as T;
  }

  private subscribeAll(whileActing: boolean, subscriptions: Subscription[]): void {
    for (const [pattern, first] of this.messageHandlers) {
      // Nest chains several event handlers of one pattern.
      for (let handler: MessageHandler | undefined = first; handler !== undefined; handler = handler.next as MessageHandler) {
        const current = handler;
        const extras = (current.extras ?? {}) as BusPatternExtras;
        if ((extras.whileActing ?? false) !== whileActing) continue;
        subscriptions.push(this.bus.subscribe(pattern, (message) => this.take(current, extras, message), extras));
      }
    }
  }

  private take(handler: MessageHandler, extras: BusPatternExtras, message: BusMessage): void {
    const handling = this.handle(handler, extras, message).finally(() => this.underWay.delete(handling));
    this.underWay.add(handling);
  }

  private async handle(handler: MessageHandler, extras: BusPatternExtras, message: BusMessage): Promise<void> {
    try {
      const data = extras.raw === true ? message.bytes : parse(message);
      const result: unknown = await handler(data, new BusContext([message]));
      const value = isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result;
      if (handler.isEventHandler !== true) message.respond(value instanceof Uint8Array ? value : encodeReply(value));
    } catch (error) {
      this.onFault(error, message.subject);
      if (handler.isEventHandler !== true) message.respond(encodeFault(error));
    }
  }
}

function parse(message: BusMessage): unknown {
  if (message.bytes.length === 0) return undefined;
  try {
    return JSON.parse(decoder.decode(message.bytes));
  } catch (error) {
    throw new ParallaxError('INPUT_REFUSED', `the message on "${message.subject}" is not JSON: ${String(error)}`, {
      place: message.subject,
    });
  }
}
