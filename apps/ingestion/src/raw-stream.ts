import { latencyOf, type ServiceContext, type StageLatency } from '@parallax/runtime';
import { RawKind } from '@parallax/types';
import { RawWriter, subjects } from '@parallax/wire';

const NOTHING = new Uint8Array(0);

/** The frames of one socket on their way to the bus: numbered from 1 under a number that no other socket ever had or gets. */
export class RawStream {
  /** Unique over restarts and replicas: 48 random bits for each socket. */
  private readonly connection: number;
  private readonly subject: string;
  private readonly writer = new RawWriter();
  private readonly toPublished: StageLatency;
  private frames = 0;
  private ended = false;

  constructor(
    private readonly context: ServiceContext,
    venue: string,
    /** The number of this instance as a writer: see `Column.epoch`. */
    private readonly epoch: number,
  ) {
    this.connection = Number.parseInt(context.random.id(6), 16);
    this.subject = subjects.raw(venue, this.connection);
    this.toPublished = latencyOf(context, 'received-to-published');
  }

  opened(): void {
    this.publish(RawKind.opened, this.context.clock.nowUs(), NOTHING);
  }

  frame(bytes: Uint8Array, receivedAtUs: number): void {
    this.publish(RawKind.stream, receivedAtUs, bytes);
  }

  /**
   * A REST snapshot takes its place among the frames of the socket that carried the symbol when it was asked for. False where
   * that one has ended: what follows on another socket may not hang on it, and until then nothing would follow at all.
   */
  snapshot(symbol: string, bytes: Uint8Array): boolean {
    if (this.ended) return false;
    this.publish(RawKind.snapshot, this.context.clock.nowUs(), bytes, { symbol });
    return true;
  }

  end(): void {
    if (this.ended) return;
    this.publish(RawKind.closed, this.context.clock.nowUs(), NOTHING);
    this.ended = true;
  }

  private publish(kind: number, receivedAtUs: number, bytes: Uint8Array, headers?: Record<string, string>): void {
    const frame = { connection: this.connection, frame: ++this.frames, receivedAtUs, epoch: this.epoch, kind };
    const { tracing, clock, bus } = this.context;
    tracing?.frameStarted(frame.connection, frame.frame, receivedAtUs, receivedAtUs);
    this.writer.write(frame, bytes, (message) => bus.publish(this.subject, message, headers));
    const finishedAtUs = clock.nowUs();
    tracing?.frameFinished(finishedAtUs);
    if (kind === RawKind.stream) this.toPublished.record(receivedAtUs, finishedAtUs);
  }
}
