import { ConnectionCore, type AddressLimits } from '@parallax/ingestion';
import type { ServiceContext } from '@parallax/runtime';
import type { Socket, SocketFactory } from '@parallax/types';
import type { ConnectionPlan, VenueDefinition } from '@parallax/venues';
import { RawStream } from './raw-stream.js';

/** One planned connection over as many sockets as it takes, one after the other; what to do with them is the core's decision. */
export class Connection {
  readonly core: ConnectionCore;
  private socket: Socket | null = null;
  /** Of the socket in use; null while none is open. */
  private stream: RawStream | null = null;
  /** Counts sockets: what an older one still says is not heard. */
  private turn = 0;

  constructor(
    private readonly context: ServiceContext,
    private readonly sockets: SocketFactory,
    private readonly definition: VenueDefinition,
    address: AddressLimits,
    readonly plan: ConnectionPlan,
    private readonly onEndAnnounced: (connection: Connection) => void,
  ) {
    this.core = new ConnectionCore(plan, definition, address, {
      open: (url) => this.open(url),
      send: (text) => this.socket?.send(text),
      close: () => this.socket?.close(),
    }, context.random);
  }

  start(): void {
    this.core.start(this.context.clock.nowUs());
  }

  /** Ends the connection for good. */
  stop(): void {
    this.turn++;
    this.core.stop();
    this.stream?.end();
    this.stream = null;
  }

  carriesBook(symbol: string): boolean {
    return this.plan.feeds.includes('depth') && this.plan.symbols.includes(symbol);
  }

  /** Where frames go now; null while no socket is open. */
  get openStream(): RawStream | null {
    return this.stream;
  }

  private open(url: string): void {
    const { definition } = this;
    const { clock, log } = this.context;
    const turn = ++this.turn;
    const announcesEnd = definition.stream.announcesEnd ?? (() => false);
    this.socket = this.sockets.open(url, {
      onOpen: () => {
        if (this.turn !== turn) return;
        log.info('connected', { venue: definition.id, url });
        this.stream = new RawStream(this.context, definition.id);
        this.stream.opened();
        this.core.onOpen(clock.nowUs());
      },
      onFrame: (bytes, receivedAtUs) => {
        if (this.turn !== turn) return;
        this.stream?.frame(bytes, receivedAtUs);
        this.core.onFrame(receivedAtUs);
        if (announcesEnd(bytes)) this.onEndAnnounced(this);
      },
      onClose: (code, reason) => {
        if (this.turn !== turn) return;
        this.socket = null;
        this.stream?.end();
        this.stream = null;
        this.core.onClose(reason === '' ? `closed with ${code}` : reason, clock.nowUs());
        log.warn('disconnected', { venue: definition.id, url, reason: this.core.lastReason });
      },
    });
  }
}
