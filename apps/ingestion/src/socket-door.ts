import type { ConnectionCore, ConnectionDoor } from '@parallax/ingestion';
import type { ServiceContext } from '@parallax/runtime';
import type { Socket, SocketFactory } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import { RawStream } from './raw-stream.js';

/** One planned connection over as many sockets as it takes, one after the other; what to do with them is the core's decision. */
export class SocketDoor implements ConnectionDoor {
  private socket: Socket | null = null;
  /** Of the socket in use; null while none is open. */
  private raw: RawStream | null = null;
  /** Counts sockets: what an older one still says is not heard. */
  private turn = 0;

  constructor(
    private readonly context: ServiceContext,
    private readonly sockets: SocketFactory,
    private readonly definition: VenueDefinition,
    private readonly core: ConnectionCore,
    private readonly onEndAnnounced: () => void,
    private readonly epoch: number,
  ) {}

  /** Where frames go now; null while no socket is open. */
  get openStream(): RawStream | null {
    return this.raw;
  }

  open(url: string): void {
    const { core, definition } = this;
    const { clock, log } = this.context;
    const turn = ++this.turn;
    const announcesEnd = definition.stream.announcesEnd ?? (() => false);
    this.socket = this.sockets.open(url, {
      onOpen: () => {
        if (this.turn !== turn) return;
        log.info('connected', { venue: definition.id, url });
        this.raw = new RawStream(this.context, definition.id, this.epoch);
        this.raw.opened();
        core.onOpen(clock.nowUs());
      },
      onFrame: (bytes, receivedAtUs) => {
        if (this.turn !== turn) return;
        this.raw?.frame(bytes, receivedAtUs);
        core.onFrame(bytes, receivedAtUs);
        if (announcesEnd(bytes)) this.onEndAnnounced();
      },
      onClose: (code, reason) => {
        if (this.turn !== turn) return;
        this.socket = null;
        this.endRaw();
        core.onClose(reason === '' ? `closed with ${code}` : reason, clock.nowUs());
        log.warn('disconnected', { venue: definition.id, url, reason: core.lastReason });
      },
    });
  }

  send(text: string): void {
    this.socket?.send(text);
  }

  close(): void {
    this.socket?.close();
  }

  end(): void {
    this.turn++;
    this.socket?.close();
    this.socket = null;
    this.endRaw();
  }

  private endRaw(): void {
    this.raw?.end();
    this.raw = null;
  }
}
