import type { StreamMessage } from './entities.js';
import { after, Stopwatch, wallUs } from './system-time.js';

export type ConnectionState = 'connecting' | 'live' | 'stale' | 'disconnected';

const STALE_US = 6_000_000;
/** The gateway pings every two seconds. A connection that tells nothing for so long is taken as lost, whatever the browser says of it. */
const LOST_US = 15_000_000;
const LOOK_MS = 1_000;
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

/**
 * The stream of changes: connects, notices silence, and connects again with growing pauses. Where a key is wanted it waits for one. Of a
 * connection that broke without a word, as when the machine slept, a browser may never tell the end: one that is silent is left.
 */
export class Connection {
  private socket: WebSocket | null = null;
  private isOpening = false;
  private wait = 250;
  private heardAtUs = 0;
  private everLive = false;
  /** Whether this connection has told anything yet. */
  private isHeard = false;
  /** Since its last word; before the first, since it was begun. */
  private readonly quiet = new Stopwatch();

  constructor(private readonly options: ConnectionOptions) {
    void this.open();
    addEventListener('online', () => void this.open());
    this.look();
  }

  /** By the time of day; 0: never. */
  get lastHeardAtUs(): number {
    return this.heardAtUs;
  }

  get state(): ConnectionState {
    if (this.socket?.readyState !== WebSocket.OPEN || !this.isHeard) return this.everLive ? 'disconnected' : 'connecting';
    return this.quiet.us > STALE_US ? 'stale' : 'live';
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
    this.isHeard = false;
    this.quiet.start();
    socket.addEventListener('message', ({ data }) => {
      if (this.socket !== socket) return;
      this.heardAtUs = wallUs();
      this.quiet.start();
      this.isHeard = true;
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

  private look(): void {
    const { socket } = this;
    if (socket !== null && this.quiet.us > LOST_US) {
      this.socket = null;
      socket.close();
      this.openLater();
    }
    after(LOOK_MS, () => this.look());
  }

  private openLater(): void {
    after(this.wait, () => void this.open());
    this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 1.7);
  }
}
