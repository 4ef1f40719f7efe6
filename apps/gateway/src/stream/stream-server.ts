import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { repeat } from '@parallax/runtime';
import { answerRaw, Problem } from '@parallax/service-host';
import type { Clock, Timers } from '@parallax/types';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Change } from '../core/entities.js';
import type { GatewayCore } from '../core/gateway-core.js';
import type { Doorkeeper } from '../security/doorkeeper.js';
import type { Entrance, Pass } from '../security/entrance.js';
import { keyOffered, selectedProtocol } from './protocols.js';
import { StreamReader } from './stream-reader.js';

export const STREAM_PATH = '/api/v1/stream';
const PING_MS = 2_000;
const SILENT_PINGS = 8;
const MOST_READERS = 200;

/**
 * Serves the stream: a snapshot, numbered changes, a ping every two seconds. A reader that answers no ping is let go, and one whose key was
 * taken away is closed before anything more is sent.
 */
export class StreamServer {
  readonly counters = { connected: 0, refused: 0, sent: 0 };
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: 4_096, perMessageDeflate: false, handleProtocols: selectedProtocol });
  private readonly readers = new Map<WebSocket, { reader: StreamReader; pass: Pass; unanswered: number }>();
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly core: GatewayCore,
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly doorkeeper: Doorkeeper,
    private readonly entrance: Entrance,
    private readonly flushIntervalMs: number,
    private readonly onFailed: (error: unknown, place: string) => void,
  ) {}

  get size(): number {
    return this.readers.size;
  }

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, first: Buffer) => {
      // Node has let go of this socket: without a listener of ours an error of it would end the process.
      socket.on('error', () => socket.destroy());
      void this.greet(request, socket, first).catch((error: unknown) => {
        if (error instanceof Problem) return this.refuse(socket, error);
        this.onFailed(error, STREAM_PATH);
        socket.destroy();
      });
    });
    // A handshake that is none.
    this.sockets.on('wsClientError', ({ message }: Error, socket: Duplex) => this.refuse(socket, new Problem(400, 'INPUT_REFUSED', `no WebSocket: ${message}`)));
    this.stops.push(repeat(this.timers, this.flushIntervalMs, () => this.flush()), repeat(this.timers, PING_MS, () => this.ping()));
  }

  /** @throws Problem why there is no stream for this request. */
  private async greet(request: IncomingMessage, socket: Duplex, first: Buffer): Promise<void> {
    const { headers } = request;
    this.doorkeeper.check(headers);
    if (request.url?.split('?')[0] !== STREAM_PATH) throw new Problem(404, 'NOT_FOUND', `the stream is at ${STREAM_PATH}`);
    const key = keyOffered(headers['sec-websocket-protocol']);
    const pass = await this.entrance.admit({ headers, key, changes: false, address: request.socket.remoteAddress ?? '' });
    if (this.readers.size >= MOST_READERS) throw new Problem(503, 'TOO_MANY_READERS', 'too many read the stream already');
    if (!socket.destroyed) this.sockets.handleUpgrade(request, socket, first, (opened) => this.open(opened, pass));
  }

  private refuse(socket: Duplex, problem: Problem): void {
    this.counters.refused++;
    answerRaw(socket, problem);
  }

  /** Sends what is still to be said and closes every reader as "going away". */
  stop(): void {
    this.flush();
    for (const stop of this.stops.splice(0)) stop();
    for (const socket of this.readers.keys()) socket.close(1001, 'the gateway is stopping');
    this.readers.clear();
    this.sockets.close();
  }

  private open(socket: WebSocket, pass: Pass): void {
    socket.on('error', () => socket.terminate());
    this.counters.connected++;
    const line = {
      buffered: () => socket.bufferedAmount,
      send: (text: string) => {
        this.counters.sent++;
        socket.send(text);
      },
    };
    const entry = { reader: new StreamReader(line, () => this.snapshot()), pass, unanswered: 0 };
    this.readers.set(socket, entry);
    socket.on('pong', () => void (entry.unanswered = 0));
    socket.on('close', () => this.readers.delete(socket));
  }

  private snapshot(): { text: string; sequence: number } {
    const snapshot = this.core.snapshot(this.clock.nowUs());
    return { text: JSON.stringify(snapshot), sequence: snapshot.sequence };
  }

  private closeThoseWithoutKey(): void {
    for (const [socket, { pass }] of this.readers) {
      if (this.entrance.stillAdmits(pass)) continue;
      this.readers.delete(socket);
      socket.close(1008, pass === null ? 'an API key is needed now' : 'this API key was taken away');
    }
  }

  private flush(): void {
    this.closeThoseWithoutKey();
    const changes = this.core.takeChanges();
    if (changes.length === 0 && this.readers.size === 0) return;
    const texts = new Map<Change, string>();
    const textOf = (change: Change): string => {
      let text = texts.get(change);
      if (text === undefined) {
        text = JSON.stringify(change);
        texts.set(change, text);
      }
      return text;
    };
    for (const { reader } of this.readers.values()) reader.offer(changes, textOf);
  }

  private ping(): void {
    const text = JSON.stringify({ type: 'ping', sequence: this.core.sequence, atUs: this.clock.nowUs() });
    for (const [socket, entry] of this.readers) {
      if (++entry.unanswered > SILENT_PINGS) {
        socket.terminate();
        continue;
      }
      socket.ping();
      if (!entry.reader.isBehind) socket.send(text);
    }
  }
}
