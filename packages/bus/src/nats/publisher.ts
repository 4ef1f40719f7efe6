import { headers as newHeaders } from '@nats-io/transport-node';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import type { BusStatus, Headers } from '../bus.js';
import { checkMessage, closed, tooLarge } from '../faults.js';
import { outletOf, type ClientOutlet } from './client-outlet.js';
import { PublishFrames } from './publish-frames.js';

const FLUSH_EVERY_BYTES = 512 * 1_024;
const LIMIT_BYTES = 64 * 2 ** 20;
const LIMIT_BYTES_DISCONNECTED = 8 * 2 ** 20;
const SLOW_TOLD_EVERY_US = 1_000_000;

export function headersOf(headers: Headers): MsgHdrs {
  const encoded = newHeaders();
  for (const [name, value] of Object.entries(headers)) encoded.append(name, value);
  return encoded;
}

export function plainHeaders(headers: MsgHdrs | undefined): Headers {
  return headers === undefined ? {} : Object.fromEntries(headers.keys().map((name) => [name, headers.get(name)]));
}

/** Of what the client is given: it keeps a reference until the end of the turn, and the caller may reuse its buffer before. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafe(bytes.length);
  copy.set(bytes);
  return copy;
}

/**
 * Publishes with a bound on what waits in this process: the client's own buffer has none. Every half mebibyte the server
 * is asked whether it has come so far; beyond the limit messages are dropped and counted, as for any slow reader.
 */
export class Publisher {
  private unconfirmedBytes = 0;
  private sinceFlushBytes = 0;
  private flushing = false;
  private lost = 0;
  private toldAtUs = Number.NEGATIVE_INFINITY;
  private readonly frames = new PublishFrames();
  private readonly outlet: ClientOutlet;
  connected = true;

  constructor(
    private readonly connection: NatsConnection,
    private readonly nowUs: () => number,
    private readonly tell: (status: BusStatus) => void,
  ) {
    this.outlet = outletOf(connection);
  }

  /** The most that the server takes in one message. */
  get largestBytes(): number {
    return this.connection.info?.max_payload ?? 1_048_576;
  }

  checkSize(subject: string, bytes: Uint8Array): void {
    const limit = this.largestBytes;
    if (bytes.length > limit) throw tooLarge(subject, bytes.length, limit);
  }

  /** @throws ParallaxError `BUS_CLOSED`, `INPUT_REFUSED` or `BUS_REFUSED` for what cannot be sent. */
  publish(subject: string, bytes: Uint8Array, headers?: Headers): void {
    if (this.connection.isClosed()) throw closed();
    if (headers !== undefined || !this.frames.knows(subject)) checkMessage(subject, headers);
    this.checkSize(subject, bytes);
    const limit = this.connected ? LIMIT_BYTES : LIMIT_BYTES_DISCONNECTED;
    if (this.unconfirmedBytes + bytes.length > limit) {
      this.lose(subject);
      return;
    }
    if (headers === undefined) this.outlet.sendCommand(this.frames.frame(subject, bytes));
    else this.connection.publish(subject, copyOf(bytes), { headers: headersOf(headers) });
    this.unconfirmedBytes += bytes.length + subject.length;
    this.sinceFlushBytes += bytes.length + subject.length;
    if (this.sinceFlushBytes >= FLUSH_EVERY_BYTES && !this.flushing && this.connected) void this.pace();
  }

  async flush(): Promise<void> {
    await this.connection.flush();
  }

  private async pace(): Promise<void> {
    this.flushing = true;
    const asked = this.unconfirmedBytes;
    this.sinceFlushBytes = 0;
    try {
      await this.connection.flush();
      this.unconfirmedBytes -= asked;
    } catch {
      // The connection broke: what the client kept goes out after the reconnect, the rest is lost as fire and forget is.
      this.unconfirmedBytes = 0;
    }
    this.flushing = false;
    if (this.sinceFlushBytes >= FLUSH_EVERY_BYTES && this.connected) await this.pace();
  }

  private lose(subject: string): void {
    this.lost++;
    const nowUs = this.nowUs();
    if (nowUs - this.toldAtUs < SLOW_TOLD_EVERY_US) return;
    this.toldAtUs = nowUs;
    this.tell({ type: 'slow', subject, lost: this.lost });
    this.lost = 0;
  }
}
