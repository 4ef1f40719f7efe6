import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Timers } from '@parallax/types';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Client, VenueEndpoint } from './endpoint.js';
import type { RestReply } from './venues/protocol.js';

/** Venues cut clients that do not read; so do we, beyond this many waiting bytes. */
const SLOWEST_CLIENT_BYTES = 32 * 1024 * 1024;
const LARGEST_MESSAGE_BYTES = 256 * 1024;
const LARGEST_BODY_BYTES = 64 * 1024;

export type ControlHandler = (method: string, path: string, query: URLSearchParams, body: string) => RestReply;

export interface TransportOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Served below `/<venue>`, or at the root when there is just one and `prefixed` is false. */
  readonly endpoints: readonly VenueEndpoint[];
  readonly prefixed: boolean;
  readonly control?: ControlHandler;
  readonly timers: Timers;
}

/** One HTTP server: WebSocket and REST of its venues on the venues' own paths. */
export class Transport {
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: LARGEST_MESSAGE_BYTES });

  constructor(private readonly options: TransportOptions) {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.upgrade(request, socket, head));
  }

  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port, this.options.host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    this.sockets.close();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  /** The venue that a path belongs to, and the path as that venue knows it. */
  private route(path: string): { endpoint: VenueEndpoint; path: string } | null {
    if (!this.options.prefixed) return { endpoint: this.options.endpoints[0], path };
    for (const endpoint of this.options.endpoints) {
      const prefix = `/${endpoint.venue}`;
      if (path === prefix) return { endpoint, path: '/' };
      if (path.startsWith(`${prefix}/`)) return { endpoint, path: path.slice(prefix.length) };
    }
    return null;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = urlOf(request);
      if (!url) return write(response, { status: 400, body: { error: 'the address cannot be read' } });
      if (url.pathname.startsWith('/control/')) return write(response, await this.answerControl(request, url));
      const target = this.route(url.pathname);
      const reply = target && request.method === 'GET' ? await target.endpoint.rest(target.path, url.searchParams) : null;
      write(response, reply ?? { status: 404, body: { error: `no such path: ${url.pathname}` } });
    } catch (error) {
      write(response, { status: 500, body: { error: String(error) } });
    }
  }

  private async answerControl(request: IncomingMessage, url: URL): Promise<RestReply> {
    const from = request.socket.remoteAddress ?? '';
    const local = from === '::1' || from.startsWith('127.') || from.startsWith('::ffff:127.');
    // A browser names the page it speaks for; no page may steer the simulator.
    if (!local || request.headers.origin !== undefined || !this.options.control) {
      return { status: 403, body: { error: 'control is for local programs alone' } };
    }
    let body = '';
    for await (const chunk of request) {
      body += String(chunk);
      if (body.length > LARGEST_BODY_BYTES) return { status: 413, body: { error: 'body too large' } };
    }
    return this.options.control(request.method ?? 'GET', url.pathname, url.searchParams, body);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Node has let go of this socket: without a listener of ours an error of it would end the process.
    socket.on('error', () => socket.destroy());
    const url = urlOf(request);
    const target = url && this.route(url.pathname);
    if (!url || !target) return refuse(socket);
    // The path is checked before the handshake is answered, so that a wrong one gets its 404.
    let webSocket: WebSocket | null = null;
    const waiting: (string | Buffer)[] = [];
    const client: Client = {
      send: (data) => {
        if (!webSocket) waiting.push(data);
        else if (webSocket.bufferedAmount > SLOWEST_CLIENT_BYTES) webSocket.terminate();
        else if (webSocket.readyState === webSocket.OPEN) webSocket.send(data);
      },
      close: (code, reason) => webSocket?.close(code, reason),
      cut: () => webSocket?.terminate(),
    };
    const connection = target.endpoint.open(target.path, url.searchParams, client);
    if (!connection) return refuse(socket);
    let ended = false;
    const end = (): void => {
      if (!ended) connection.onClose();
      ended = true;
    };
    socket.once('close', end);
    this.sockets.handleUpgrade(request, socket, head, (opened) => {
      webSocket = opened;
      const stopPings = this.ping(opened, target.endpoint.pingIntervalMs);
      opened.on('message', (data) => {
        try {
          connection.onText(textOf(data));
        } catch {
          opened.close(1011, 'this message could not be handled');
        }
      });
      opened.on('error', () => opened.terminate());
      opened.on('close', () => {
        stopPings();
        end();
      });
      for (const data of waiting.splice(0)) opened.send(data);
    });
  }

  private ping(socket: WebSocket, intervalMs: number): () => void {
    if (intervalMs === 0) return () => undefined;
    let cancel: (() => void) | null = null;
    const next = (): void => {
      cancel = this.options.timers.after(intervalMs, () => {
        socket.ping();
        next();
      });
    };
    next();
    return () => cancel?.();
  }
}

/** Null for an address that is none, such as `//`. */
function urlOf({ url = '/' }: IncomingMessage): URL | null {
  return URL.canParse(url, 'http://simulator') ? new URL(url, 'http://simulator') : null;
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', () => socket.destroy());
}

function write(response: ServerResponse, reply: RestReply): void {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(text);
}
