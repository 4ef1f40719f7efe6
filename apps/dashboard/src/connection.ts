import type { StreamMessage } from './entities.js';
import { after, browserUs } from './system-time.js';

export type ConnectionState = 'connecting' | 'live' | 'stale' | 'disconnected';

const STALE_US = 6_000_000;
const LONGEST_WAIT_MS = 5_000;

/** The stream of changes: connects, notices silence, and connects again with growing pauses. */
export class Connection {
  private socket: WebSocket | null = null;
  private wait = 250;
  private heardAtUs = 0;
  private everLive = false;

  /** `onMessage` answers false when only a new snapshot helps. */
  constructor(
    private readonly url: string,
    private readonly onMessage: (message: StreamMessage) => boolean,
  ) {
    this.open();
    addEventListener('online', () => this.socket === null && this.open());
  }

  get lastHeardAtUs(): number {
    return this.heardAtUs;
  }

  get state(): ConnectionState {
    if (this.socket?.readyState !== WebSocket.OPEN) return this.everLive ? 'disconnected' : 'connecting';
    return browserUs() - this.heardAtUs > STALE_US ? 'stale' : 'live';
  }

  private open(): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.heardAtUs = browserUs();
      this.everLive = true;
      this.wait = 250;
      if (!this.onMessage(JSON.parse(String(data)))) socket.close();
    });
    socket.addEventListener('close', () => {
      if (this.socket !== socket) return;
      this.socket = null;
      after(this.wait, () => this.socket === null && this.open());
      this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 1.7);
    });
  }
}
