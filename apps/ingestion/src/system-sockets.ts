import { ParallaxError, type Clock, type HttpClient, type HttpReply, type Socket, type SocketFactory, type SocketHandlers } from '@parallax/types';
import { WebSocket } from 'ws';

/** Coinbase sends whole books of 5 MB; nothing known is near this. */
const MAXIMUM_FRAME_BYTES = 64 * 1024 * 1024;

/** Real WebSockets. Compression is not negotiated: no venue here asks for it, and it costs more than it saves. */
export class WebSockets implements SocketFactory {
  constructor(private readonly clock: Clock) {}

  open(url: string, handlers: SocketHandlers): Socket {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAXIMUM_FRAME_BYTES, skipUTF8Validation: true });
    let reason = '';
    socket.on('open', () => handlers.onOpen());
    socket.on('message', (data: Buffer) => handlers.onFrame(data, this.clock.nowUs()));
    socket.on('error', (error: Error) => (reason = error.message));
    socket.on('close', (code: number, text: Buffer) => handlers.onClose(code, text.length > 0 ? text.toString() : reason));
    return {
      send: (text) => socket.send(text),
      // A peer that does not answer the closing handshake must not keep the connection in limbo.
      close: () => (socket.readyState === WebSocket.OPEN ? socket.terminate() : socket.close()),
    };
  }
}

/** HTTP by Node's own client. */
export class Fetch implements HttpClient {
  async get(url: string, { timeoutMs, headers: more }: Parameters<HttpClient['get']>[1]): Promise<HttpReply> {
    try {
      const reply = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { accept: 'application/json', 'cache-control': 'no-cache', ...more } });
      const headers: Record<string, string> = {};
      reply.headers.forEach((value, name) => (headers[name] = value));
      return { status: reply.status, headers, body: new Uint8Array(await reply.arrayBuffer()) };
    } catch (error) {
      throw new ParallaxError('VENUE_UNREACHABLE', `no answer from ${new URL(url).host}: ${reasonOf(error as Error)}`, { retryable: true, cause: error });
    }
  }
}

/** Node says "fetch failed", and why only in the cause. */
const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error && cause.message !== '' ? cause.message : message);
