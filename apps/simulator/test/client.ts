import { request } from 'node:http';
import WebSocket from 'ws';

/**
 * Resolves once the server has read what was sent to it on this socket, and what it had sent before that has come: it
 * answers a ping in its turn.
 */
export function caughtUp(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== WebSocket.OPEN) return resolve();
    socket.once('pong', () => resolve());
    socket.once('close', () => resolve());
    socket.ping();
  });
}

/** A plain client of the simulator: every text frame in order, over a real socket. */
export class TestClient {
  private static readonly all = new Set<TestClient>();
  readonly frames: string[] = [];
  closed: { code: number; reason: string } | null = null;
  onFrame: ((text: string) => void) | null = null;
  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const text = (data as Buffer).toString('utf8');
      this.frames.push(text);
      this.onFrame?.(text);
    });
    TestClient.all.add(this);
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      TestClient.all.delete(this);
    });
    socket.on('error', () => undefined);
  }

  static async open(url: string): Promise<TestClient> {
    const client = new TestClient(new WebSocket(url, { maxPayload: 64 * 1024 * 1024 }));
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', () => resolve());
      client.socket.once('error', reject);
    });
    return client;
  }

  /** Resolves once every client that is open has {@link caughtUp}. */
  static async caughtUp(): Promise<void> {
    await Promise.all([...TestClient.all].map(({ socket }) => caughtUp(socket)));
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  json(): any[] {
    return this.frames.flatMap((text) => {
      try {
        return [JSON.parse(text)];
      } catch {
        return [];
      }
    });
  }

  close(): void {
    this.socket.terminate();
  }
}

export async function getJson(url: string): Promise<any> {
  const response = await fetch(url);
  return response.json();
}

/** POST with headers that fetch would not let us set. */
export function post(url: string, body: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
