import type { VenueNormaliser } from '@parallax/normalisation';
import type { ServiceContext } from '@parallax/runtime';
import { RawKind } from '@parallax/types';
import { RawAssembler } from '@parallax/wire';

/** What is known of one venue's connections from its raw frames. */
export class VenueConnections {
  open = 0;
  opened = 0;
  lastFrameAtUs = 0;
  framesLost = 0;
  private readonly assemblers = new Map<string, RawAssembler>();
  private readonly live = new Set<number>();

  constructor(
    private readonly normaliser: VenueNormaliser,
    private readonly context: Pick<ServiceContext, 'clock' | 'tracing'>,
    private readonly instrumentOf: (symbol: string) => number,
  ) {}

  /** Takes one message of `md.raw.<venue>.<connection>`; `symbol` names what a snapshot is of. */
  onMessage(subject: string, bytes: Uint8Array, symbol: string | undefined): void {
    let assembler = this.assemblers.get(subject);
    if (!assembler) this.assemblers.set(subject, (assembler = new RawAssembler()));
    const { lost } = assembler;
    const complete = assembler.take(bytes);
    const { frame } = assembler;
    if (assembler.lost !== lost) {
      this.framesLost += assembler.lost - lost;
      this.normaliser.onFramesLost(frame.connection, frame.receivedAtUs);
    }
    if (!complete) return;
    this.lastFrameAtUs = frame.receivedAtUs;
    const { tracing, clock } = this.context;
    tracing?.frameStarted(frame.connection, frame.frame, frame.receivedAtUs, clock.nowUs());
    this.onFrame(subject, assembler, symbol);
    tracing?.frameFinished(clock.nowUs());
  }

  private onFrame(subject: string, { frame, bytes }: RawAssembler, symbol: string | undefined): void {
    switch (frame.kind) {
      case RawKind.stream:
        return this.normaliser.onFrame(frame.connection, frame.frame, frame.receivedAtUs, bytes);
      case RawKind.snapshot: {
        const instrument = symbol === undefined ? -1 : this.instrumentOf(symbol);
        if (instrument < 0) return;
        return this.normaliser.onSnapshot(frame.connection, frame.frame, frame.receivedAtUs, bytes, instrument);
      }
      case RawKind.opened:
        this.opened++;
        this.live.add(frame.connection);
        this.open = this.live.size;
        return;
      case RawKind.closed:
        this.live.delete(frame.connection);
        this.open = this.live.size;
        this.assemblers.delete(subject);
        return this.normaliser.onConnectionClosed(frame.connection, frame.receivedAtUs);
    }
  }
}
