import { headerNameOf, type CaptureWriter } from '@parallax/recordings';
import type { Clock, HttpClient, HttpReply, Socket, SocketFactory, SocketHandlers } from '@parallax/types';

/** Sockets that write down what passes through them; ingestion uses them as any others. */
export class RecordingSockets implements SocketFactory {
  frames = 0;
  connections = 0;

  constructor(
    private readonly inner: SocketFactory,
    private readonly capture: CaptureWriter,
    private readonly clock: Clock,
    private readonly venue: string,
  ) {}

  open(url: string, handlers: SocketHandlers): Socket {
    const { capture, clock } = this;
    const name = `${headerNameOf(this.venue)}.ws.${++this.connections}`;
    const socket = this.inner.open(url, {
      onOpen: () => {
        capture.connect(name, clock.nowUs(), url);
        handlers.onOpen();
      },
      onFrame: (bytes, receivedAtUs) => {
        this.frames++;
        capture.receive(name, receivedAtUs, bytes);
        handlers.onFrame(bytes, receivedAtUs);
      },
      onClose: (code, reason) => handlers.onClose(code, reason),
    });
    return {
      send: (text) => {
        capture.send(name, clock.nowUs(), url, text);
        socket.send(text);
      },
      close: () => socket.close(),
    };
  }
}

/** HTTP whose answers are written down; what failed is not, as there is nothing to read again. */
export class RecordingHttp implements HttpClient {
  private answers = 0;

  constructor(
    private readonly inner: HttpClient,
    private readonly capture: CaptureWriter,
    private readonly clock: Clock,
    private readonly venue: string,
  ) {}

  async get(url: string, options: { timeoutMs: number }): Promise<HttpReply> {
    const reply = await this.inner.get(url, options);
    const name = `${headerNameOf(this.venue)}.http.${this.answers++}`;
    if (reply.status === 200) this.capture.http(name, this.clock.nowUs(), url, reply.body);
    return reply;
  }
}
