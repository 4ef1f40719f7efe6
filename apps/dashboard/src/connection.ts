import type { StreamMessage } from './entities.js';
import { after, browserUs } from './system-time.js';

export type ConnectionState = 'connecting' | 'live' | 'stale' | 'disconnected';

const STALE_US = 6_000_000;
const LONGEST_WAIT_MS = 5_000;

export interface ConnectionOptions {
  readonly url: string;
  /** With what to ask for the stream. */
  readonly protocols: () => string[];
  /** Whether the gateway lets this page in; null: it does not answer. A browser is not told why a stream was refused. */
  readonly isLetIn: () => Promise<boolean | null>;
  /** Answers false when only a new snapshot helps. */
  readonly onMessage: (message: StreamMessage) => boolean;
}

/** The stream of changes: connects, notices silence, and connects again with growing pauses. Where a key is wanted it waits for one. */
export class Connection {
  private socket: WebSocket | null = null;
  private isOpening = false;
  private wait = 250;
  private heardAtUs = 0;
  private everLive = false;

  constructor(private readonly options: ConnectionOptions) {
    void this.open();
    addEventListener('online', () => void this.open());
  }

  get lastHeardAtUs(): number {
    return this.heardAtUs;
  }

  get state(): ConnectionState {
    if (this.socket?.readyState !== WebSocket.OPEN) return this.everLive ? 'disconnected' : 'connecting';
    return browserUs() - this.heardAtUs > STALE_US ? 'stale' : 'live';
  }

  /** Connects at once, where it is not connected: a key is there, say. */
  async open(): Promise<void> {
    if (this.socket !== null || this.isOpening) return;
    this.isOpening = true;
    const isLetIn = await this.options.isLetIn();
    this.isOpening = false;
    if (isLetIn) this.connect();
    else if (isLetIn === null) this.openLater();
  }

  private connect(): void {
    const socket = new WebSocket(this.options.url, this.options.protocols());
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.heardAtUs = browserUs();
      this.everLive = true;
      this.wait = 250;
      if (!this.options.onMessage(JSON.parse(String(data)))) socket.close();
    });
    socket.addEventListener('close', () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.openLater();
    });
  }

  private openLater(): void {
    after(this.wait, () => void this.open());
    this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 1.7);
  }
}
