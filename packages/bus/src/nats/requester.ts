import { createInbox, errors } from '@nats-io/transport-node';
import type { Msg, MsgHdrs, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { BusPorts } from '../system-ports.js';

/** Nobody can guess a token of so many random bytes, and so nobody can answer in another's stead. */
const TOKEN_BYTES = 9;
const NO_RESPONDERS = 503;

interface Waiting {
  readonly subject: string;
  resolve(answer: Msg): void;
  reject(error: Error): void;
  cancelTimeout(): void;
}

/**
 * The requests of one connection: one subscription for all answers, and a token for each. The client's own `request`
 * makes an error with its stack for every answer that comes, which was a tenth of what risk and execution did.
 */
export class Requester {
  private readonly inbox: string;
  private readonly waiting = new Map<string, Waiting>();
  private subscription: Subscription | null = null;

  constructor(
    private readonly connection: NatsConnection,
    inboxPrefix: string | undefined,
    private readonly ports: Pick<BusPorts, 'random' | 'timers'>,
  ) {
    this.inbox = `${createInbox(inboxPrefix)}.`;
  }

  /** `bytes` must not change any more. @throws the client's own errors: no responders, time-out, refused or closed. */
  ask(subject: string, bytes: Uint8Array, timeoutMs: number, headers?: MsgHdrs): Promise<Msg> {
    return new Promise((resolve, reject) => {
      this.subscription ??= this.listen();
      const token = this.ports.random.id(TOKEN_BYTES);
      const cancelTimeout = this.ports.timers.after(timeoutMs, () => this.take(token)?.reject(new errors.TimeoutError()));
      this.waiting.set(token, { subject, resolve, reject, cancelTimeout });
      try {
        this.connection.publish(subject, bytes, { reply: this.inbox + token, headers });
      } catch (error) {
        this.take(token)?.reject(error as Error);
      }
    });
  }

  /** The server tells which subject was refused, not which request. */
  refused(error: InstanceType<typeof errors.PermissionViolationError>): void {
    if (error.operation !== 'publish') return;
    for (const [token, { subject }] of this.waiting) if (subject === error.subject) this.take(token)?.reject(error);
  }

  /** Nothing can be answered any more. */
  close(): void {
    this.failAll(new errors.ClosedConnectionError());
  }

  private listen(): Subscription {
    return this.connection.subscribe(`${this.inbox}*`, {
      callback: (error, message) => {
        if (error === null) {
          this.onAnswer(message);
          return;
        }
        // The server refused the subscription and knows it no more.
        this.subscription = null;
        this.failAll(error);
      },
    });
  }

  private onAnswer(message: Msg): void {
    const asked = this.take(message.subject.slice(this.inbox.length));
    if (asked === undefined) return;
    if (message.data.length === 0 && message.headers?.code === NO_RESPONDERS) asked.reject(new errors.NoRespondersError(asked.subject));
    else asked.resolve(message);
  }

  private take(token: string): Waiting | undefined {
    const asked = this.waiting.get(token);
    if (asked === undefined) return undefined;
    this.waiting.delete(token);
    asked.cancelTimeout();
    return asked;
  }

  private failAll(error: Error): void {
    for (const token of this.waiting.keys()) this.take(token)?.reject(error);
  }
}
