import type { MessagePort } from 'node:worker_threads';
import { ParallaxError } from '@parallax/types';
import type { BusStatus } from '../bus.js';
import { closed, timedOut } from '../faults.js';
import type { BusPorts } from '../system-ports.js';
import { bytesOf, errorOf, LIMIT_BYTES, LIMIT_CALLS, LIMIT_OPERATIONS, type Answer, type CallOperation, type Operation } from './protocol.js';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly cancel: () => void;
}

const SLOW_TOLD_EVERY_US = 1_000_000;
/** So much longer than a request itself its answer is waited for: then the serving side stands still. */
const MARGIN_MS = 1_000;

/** The using side's end of a port: numbers calls, finds their answers, and sends no faster than the other side takes in. */
export class PortLink {
  isClosed = false;
  private readonly calls = new Map<number, Waiting>();
  private lastNumber = 0;
  private untaken = 0;
  private untakenBytes = 0;
  private lost = 0;
  private toldAtUs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly port: MessagePort,
    private readonly ports: Pick<BusPorts, 'clock' | 'timers'>,
    private readonly timeoutMs: number,
    private readonly tell: (status: BusStatus) => void,
  ) {}

  /** A number that nothing else of this link has. */
  number(): number {
    return ++this.lastNumber;
  }

  /** Sends what is not answered. */
  send(operation: Operation): void {
    if (this.isClosed) return;
    this.untaken++;
    this.untakenBytes += bytesOf(operation);
    this.port.postMessage(operation);
  }

  /** Sends a message, or drops it where too much waits to be taken in: as for any slow reader, that is counted and told. */
  publish(operation: Operation & { readonly op: 'publish' }): void {
    if (this.isFull(operation)) this.lose(operation.subject);
    else this.send(operation);
  }

  /** Calls the other side. `timeoutMs`: of a request, which that side ends itself. @throws ParallaxError, that side's own or `BUS_TIMEOUT`. */
  call(operation: CallOperation, what: string, timeoutMs?: number | null): Promise<unknown> {
    if (this.isClosed) return Promise.reject(closed());
    if (this.calls.size >= LIMIT_CALLS || this.isFull(operation)) {
      return Promise.reject(new ParallaxError('BUS_REFUSED', `${what}: too much waits to be taken in by the bus`, { retryable: true }));
    }
    const call = this.number();
    return new Promise((resolve, reject) => {
      const waitMs = timeoutMs === undefined ? this.timeoutMs : timeoutMs === null ? null : timeoutMs + MARGIN_MS;
      const expire = (): void => {
        this.calls.delete(call);
        reject(timedOut(what, waitMs!));
      };
      const cancel = waitMs === null ? () => {} : this.ports.timers.after(waitMs, expire);
      this.calls.set(call, { resolve, reject, cancel });
      this.send({ ...operation, call });
    });
  }

  /** Takes what concerns calls and the pace; whether it was that. */
  take(answer: Answer): boolean {
    if (answer.op === 'taken') {
      this.untaken -= answer.operations;
      this.untakenBytes -= answer.bytes;
      return true;
    }
    if (answer.op !== 'answer' && answer.op !== 'fault') return false;
    const waiting = this.calls.get(answer.call);
    if (waiting === undefined) return true;
    this.calls.delete(answer.call);
    waiting.cancel();
    if (answer.op === 'answer') waiting.resolve(answer.value);
    else waiting.reject(errorOf(answer.fault));
    return true;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { reject, cancel } of this.calls.values()) {
      cancel();
      reject(closed());
    }
    this.calls.clear();
    this.port.close();
  }

  private isFull(operation: object): boolean {
    return this.untaken >= LIMIT_OPERATIONS || this.untakenBytes + bytesOf(operation) > LIMIT_BYTES;
  }

  private lose(subject: string): void {
    this.lost++;
    const nowUs = this.ports.clock.nowUs();
    if (nowUs - this.toldAtUs < SLOW_TOLD_EVERY_US) return;
    this.toldAtUs = nowUs;
    this.tell({ type: 'slow', subject, lost: this.lost });
    this.lost = 0;
  }
}
