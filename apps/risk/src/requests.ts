import type { Bus, BusMessage, Subscription } from '@parallax/bus';
import type { ServiceLog } from '@parallax/runtime';
import { type Clock, ParallaxError } from '@parallax/types';
import { decodeJson, encodeJson, haltRequestSchema, limitsRequestSchema, resumeRequestSchema, subjects } from '@parallax/wire';
import type { HaltState } from './halt-state.js';
import type { LimitsState } from './limits-state.js';

/** Halt, resume and limits as people ask for them; each is answered with what stands now, or why not. */
export class Requests {
  private subscriptions: Subscription[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly halts: HaltState,
    private readonly limits: LimitsState,
    private readonly log: ServiceLog,
  ) {}

  start(): void {
    const now = (): number => this.clock.nowUs();
    this.stop();
    this.subscriptions = [
      this.answer(subjects.halt(), async (bytes) => ({ record: await this.halts.halt(decodeJson(haltRequestSchema, bytes), now()) })),
      this.answer(subjects.resume(), async (bytes) => ({ record: await this.halts.resume(decodeJson(resumeRequestSchema, bytes), now()) })),
      this.answer(subjects.limits(), async (bytes) => ({ limits: await this.limits.change(decodeJson(limitsRequestSchema, bytes), now()) })),
    ];
  }

  stop(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.unsubscribe();
  }

  private answer(subject: string, work: (bytes: Uint8Array) => Promise<object>): Subscription {
    return this.bus.subscribe(subject, (message: BusMessage) => {
      // The bytes are valid until this handler returns; the work reads them before it first waits.
      work(message.bytes).then(
        (reply) => message.respond(encodeJson(reply)),
        (error: unknown) => {
          const code = error instanceof ParallaxError ? error.code : 'INTERNAL';
          this.log.warn('a request was declined', { subject, code, error: String(error) });
          message.respond(encodeJson({ error: { code, message: (error as Error).message } }));
        },
      );
    });
  }
}
