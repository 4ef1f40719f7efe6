import type { Bus } from '@parallax/bus';
import { ConnectionCore } from '@parallax/ingestion';
import type { ServiceContext } from '@parallax/runtime';
import { RawKind, type Socket, type SocketFactory } from '@parallax/types';
import type { ConnectionPlan, VenueDefinition } from '@parallax/venues';
import { RawWriter, subjects } from '@parallax/wire';

/** Frames of one socket onto the bus, numbered; what to do with the socket is the core's decision. */
export class Connection {
  readonly core: ConnectionCore;
  readonly startedAtUs: number;
  frames = 0;
  lastFrameAtUs = 0;
  private readonly bus: Bus;
  private writer = new RawWriter();
  private subject = '';
  private number = 0;
  private socket: Socket | null = null;

  constructor(
    private readonly context: ServiceContext,
    private readonly sockets: SocketFactory,
    readonly definition: VenueDefinition,
    readonly plan: ConnectionPlan,
    private readonly onFirstFrame: (connection: Connection) => void = () => {},
  ) {
    this.bus = context.bus;
    this.startedAtUs = context.clock.nowUs();
    this.core = new ConnectionCore(plan, definition, {
      open: (url) => this.open(url),
      send: (text) => this.socket?.send(text),
      close: () => this.socket?.close(),
    }, context.random);
  }

  start(): void {
    this.core.start(this.context.clock.nowUs());
  }

  /** Ends the connection for good; what the socket still says is not heard. */
  stop(): void {
    const wasOpen = this.core.state === 'open';
    this.core.stop();
    if (wasOpen) this.publish(RawKind.closed, this.context.clock.nowUs(), new Uint8Array(0));
    this.number = 0;
  }

  carries(symbol: string): boolean {
    return this.plan.feeds.includes('depth') && this.plan.symbols.includes(symbol);
  }

  /** A REST snapshot takes its place among the frames of the connection that carries the symbol. */
  publishSnapshot(symbol: string, bytes: Uint8Array): void {
    this.publish(RawKind.snapshot, this.context.clock.nowUs(), bytes, { symbol });
  }

  private open(url: string): void {
    // Unique over restarts and replicas: 48 random bits for each socket.
    this.number = Number.parseInt(this.context.random.id(6), 16);
    this.subject = subjects.raw(this.definition.id, this.number);
    this.writer = new RawWriter();
    this.frames = 0;
    const number = this.number;
    const { clock, log } = this.context;
    const isCurrent = (): boolean => this.number === number;
    this.socket = this.sockets.open(url, {
      onOpen: () => {
        if (!isCurrent()) return;
        log.info('connected', { venue: this.definition.id, url });
        this.publish(RawKind.opened, clock.nowUs(), new Uint8Array(0));
        this.core.onOpen(clock.nowUs());
      },
      onFrame: (bytes, receivedAtUs) => {
        if (!isCurrent()) return;
        this.lastFrameAtUs = receivedAtUs;
        this.publish(RawKind.stream, receivedAtUs, bytes);
        this.core.onFrame(receivedAtUs);
        if (this.frames === 2) this.onFirstFrame(this);
      },
      onClose: (code, reason) => {
        if (!isCurrent()) return;
        this.socket = null;
        const nowUs = clock.nowUs();
        if (this.core.state === 'open') this.publish(RawKind.closed, nowUs, new Uint8Array(0));
        this.core.onClose(reason === '' ? `closed with ${code}` : reason, nowUs);
        log.warn('disconnected', { venue: this.definition.id, url, reason: this.core.lastReason });
      },
    });
  }

  private publish(kind: number, receivedAtUs: number, bytes: Uint8Array, headers?: Record<string, string>): void {
    this.frames++;
    const { tracing, clock } = this.context;
    const frame = { connection: this.number, frame: this.frames, receivedAtUs, epoch: 0, kind };
    tracing?.frameStarted(this.number, this.frames, receivedAtUs, receivedAtUs);
    this.writer.write(frame, bytes, (message) => this.bus.publish(this.subject, message, headers));
    tracing?.frameFinished(clock.nowUs());
  }
}
