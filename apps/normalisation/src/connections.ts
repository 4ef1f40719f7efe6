import type { VenueNormaliser } from '@parallax/normalisation';
import { WriterWatch, type ServiceContext } from '@parallax/runtime';
import { RawKind } from '@parallax/types';
import { RawAssembler } from '@parallax/wire';
import type { FrameStages } from './frame-stages.js';

/** A connection of which nothing was heard for so long is none any more, though its end was not heard: its ingestion died. */
const FORGOTTEN_US = 600_000_000;

/** One connection as far as its raw frames tell. */
class HeardConnection {
  readonly assembler = new RawAssembler();
  /** Whether the venue spoke, or the socket opened. */
  open = false;
  lastFrameAtUs = 0;
  /** The frame that was the newest when it was looked at last, and since when by our clock it is. */
  lookedAtFrame = -1;
  quietSinceUs = 0;
}

/** What is known of one venue's connections from its raw frames; who listens late knows those that speak. */
export class VenueConnections {
  /** How many were found open since the start. */
  opened = 0;
  lastFrameAtUs = 0;
  framesLost = 0;
  readonly writers = new WriterWatch();
  private readonly heard = new Map<string, HeardConnection>();
  private readonly goneAfterUs: number;

  constructor(
    private readonly normaliser: VenueNormaliser,
    private readonly context: Pick<ServiceContext, 'clock' | 'tracing'>,
    private readonly instrumentOf: (symbol: string) => number,
    private readonly stages: FrameStages,
  ) {
    // Ingestion closes a silent connection; one that is silent for twice as long has no ingestion any more.
    this.goneAfterUs = normaliser.definition.stream.silenceMs * 2_000;
  }

  /** How many connections are open. */
  open(nowUs: number): number {
    let count = 0;
    for (const { open, lastFrameAtUs } of this.heard.values()) if (open && nowUs - lastFrameAtUs < this.goneAfterUs) count++;
    return count;
  }

  /** How many are kept, open or not. */
  get kept(): number {
    return this.heard.size;
  }

  /**
   * Lets go of connections whose end nobody told, with their books: what comes on one of them later may have missed anything. To be
   * called again and again.
   */
  forget(nowUs: number): void {
    for (const [subject, connection] of this.heard) {
      const { frame } = connection.assembler;
      if (connection.lookedAtFrame !== frame.frame) {
        connection.lookedAtFrame = frame.frame;
        connection.quietSinceUs = nowUs;
      } else if (nowUs - connection.quietSinceUs >= FORGOTTEN_US) {
        this.heard.delete(subject);
        this.normaliser.onConnectionClosed(frame.connection, nowUs);
      }
    }
  }

  /** Takes one message of `md.raw.<venue>.<connection>`; `symbol` names what a snapshot is of. */
  onMessage(subject: string, bytes: Uint8Array, symbol: string | undefined): void {
    let connection = this.heard.get(subject);
    if (connection === undefined) this.heard.set(subject, (connection = new HeardConnection()));
    const { assembler } = connection;
    const { lost } = assembler;
    const complete = assembler.take(bytes);
    const { frame } = assembler;
    if (!this.writers.admits(frame.epoch, this.context.clock)) return this.leave(subject, connection);
    if (assembler.lost !== lost) {
      this.framesLost += assembler.lost - lost;
      this.normaliser.onFramesLost(frame.connection, frame.receivedAtUs);
    }
    if (!complete) return;
    this.lastFrameAtUs = connection.lastFrameAtUs = frame.receivedAtUs;
    const { tracing, clock } = this.context;
    tracing?.frameStarted(frame.connection, frame.frame, frame.receivedAtUs, clock.nowUs());
    this.stages.started();
    this.onFrame(subject, connection, symbol);
    const finishedAtUs = clock.nowUs();
    tracing?.frameFinished(finishedAtUs);
    if (frame.kind === RawKind.stream) this.stages.finished(this.normaliser, frame.receivedAtUs, finishedAtUs);
  }

  /** Two instances of ingestion: their frames are not read, and connections are only kept count of. */
  private leave(subject: string, connection: HeardConnection): void {
    const { frame } = connection.assembler;
    if (this.writers.contestBegan) this.normaliser.onTwoWriters(frame.receivedAtUs);
    this.lastFrameAtUs = connection.lastFrameAtUs = frame.receivedAtUs;
    if (frame.kind === RawKind.closed) this.heard.delete(subject);
    else if (!connection.open) this.found(connection);
  }

  private onFrame(subject: string, connection: HeardConnection, symbol: string | undefined): void {
    const { frame, bytes } = connection.assembler;
    switch (frame.kind) {
      case RawKind.stream:
        if (!connection.open) this.found(connection);
        return this.normaliser.onFrame(frame.connection, frame.frame, frame.receivedAtUs, bytes);
      case RawKind.snapshot: {
        const instrument = symbol === undefined ? -1 : this.instrumentOf(symbol);
        if (instrument < 0) return;
        return this.normaliser.onSnapshot(frame.connection, frame.frame, frame.receivedAtUs, bytes, instrument);
      }
      case RawKind.opened:
        return this.found(connection);
      case RawKind.closed:
        this.heard.delete(subject);
        return this.normaliser.onConnectionClosed(frame.connection, frame.receivedAtUs);
    }
  }

  private found(connection: HeardConnection): void {
    connection.open = true;
    this.opened++;
  }
}
