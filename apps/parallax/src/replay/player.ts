import type { Bus } from '@parallax/bus';
import { readRecording, type Recording, type TapeFault } from '@parallax/recordings';
import { decodeMark, encodeMark, markSubject, type StepMark } from '@parallax/runtime';
import { ParallaxError, RawKind, type Tracing } from '@parallax/types';
import { encodeJson, patterns, RawWriter, subjects } from '@parallax/wire';
import { merge } from './merge.js';

const QUIET_STEP_US = 200_000;

export interface PlayerOptions {
  /** How much event time one step covers. */
  readonly stepUs: number;
  /** The last service of each step: the player waits for it. */
  readonly waitsFor: string;
  /** Unified symbol by the venue's own, to name what a snapshot is of. */
  symbolOf(recording: number, venueSymbol: string): string | undefined;
  onFault(fault: TapeFault): void;
  onProgress(progress: PlayerProgress): void;
  /** Resolves when so much event time should have passed; at once where the replay runs at full speed. */
  pace(elapsedUs: number): Promise<void>;
  readonly signal: AbortSignal;
}

export interface PlayerProgress {
  readonly frames: number;
  readonly nowUs: number;
  readonly firstUs: number;
}

const DAY_US = 86_400_000_000;
/** Timers tick through quiet time as well; days of it would take as long as work. */
const LONGEST_QUIET_US = DAY_US;

/**
 * Plays recordings onto the bus in ingestion's place: raw frames, then a mark of event time for each step, and the next
 * step only when the last reader has finished this one. Like ingestion it notes each frame for the traces.
 */
export class Player {
  frames = 0;
  private readonly writers = new Map<string, RawWriter>();
  private readonly counts = new Map<string, number>();
  private step = 0;
  private firstUs = 0;
  private stepEndUs = 0;
  private done = -1;
  private onDone: () => void = () => {};

  constructor(
    private readonly bus: Bus,
    private readonly recordings: readonly Recording[],
    private readonly tracing: Tracing,
    private readonly options: PlayerOptions,
  ) {}

  async play(): Promise<void> {
    const { options, bus } = this;
    const reader = bus.subscribe(markSubject(options.waitsFor), (message) => {
      this.done = decodeMark(message.bytes).step;
      this.onDone();
    });
    // A tape has the snapshots that it has; who asks for one is told so and waits.
    const snapshots = bus.subscribe(patterns.snapshots, (message) => message.respond(encodeJson({ recorded: true })));
    const tapes = this.recordings.map((recording) => ({
      recording,
      entries: readRecording(recording, options.onFault)[Symbol.asyncIterator](),
    }));
    for await (const { recording, entry } of merge(tapes)) {
      if (options.signal.aborted) break;
      if (this.firstUs === 0) {
        this.firstUs = entry.receivedAtUs;
        this.stepEndUs = this.firstUs + options.stepUs;
      }
      if (entry.receivedAtUs > this.stepEndUs + LONGEST_QUIET_US) {
        const days = Math.round((entry.receivedAtUs - this.stepEndUs) / DAY_US);
        throw new ParallaxError('INPUT_REFUSED', `the recordings lie ${days} days apart: replay them one after the other`);
      }
      if (entry.receivedAtUs >= this.stepEndUs) {
        await this.endStep(this.stepEndUs, false);
        await this.passQuiet(entry.receivedAtUs);
        this.stepEndUs += options.stepUs;
      }
      if (entry.kind === 'stream') this.publish(recording, entry.connection, entry.receivedAtUs, RawKind.stream, entry.bytes);
      else if (entry.kind === 'opened') this.publish(recording, entry.connection, entry.receivedAtUs, RawKind.opened, entry.bytes);
      else if (entry.kind === 'snapshot') {
        const symbol = options.symbolOf(recording, entry.venueSymbol);
        this.publish(recording, entry.connection, entry.receivedAtUs, RawKind.snapshot, entry.bytes, symbol);
      }
    }
    await this.endStep(this.stepEndUs, true);
    reader.unsubscribe();
    snapshots.unsubscribe();
  }

  /** Connections of different recordings must not share a number. */
  private publish(recording: number, connection: number, receivedAtUs: number, kind: number, bytes: Uint8Array, symbol?: string): void {
    const { definition } = this.recordings[recording];
    const number = recording * 1_000 + connection + 1;
    const subject = subjects.raw(definition.id, number);
    let writer = this.writers.get(subject);
    if (!writer) this.writers.set(subject, (writer = new RawWriter()));
    const frame = (this.counts.get(subject) ?? 0) + 1;
    this.counts.set(subject, frame);
    if (kind !== RawKind.opened) this.frames++;
    const headers = symbol === undefined ? undefined : { symbol };
    this.tracing.frameStarted(number, frame, receivedAtUs, receivedAtUs);
    writer.write({ connection: number, frame, receivedAtUs, epoch: 0, kind }, bytes, (message) => this.bus.publish(subject, message, headers));
    // Event time stands still while a frame is published.
    this.tracing.frameFinished(receivedAtUs);
  }

  /** Time in which nothing was recorded passes in larger steps, small enough for what renews itself by time. */
  private async passQuiet(untilUs: number): Promise<void> {
    const { stepUs } = this.options;
    while (untilUs - this.stepEndUs >= stepUs) {
      const steps = Math.floor((untilUs - this.stepEndUs) / stepUs);
      this.stepEndUs += stepUs * Math.min(steps, Math.max(1, Math.floor(QUIET_STEP_US / stepUs)));
      await this.endStep(this.stepEndUs, false);
    }
  }

  private async endStep(nowUs: number, final: boolean): Promise<void> {
    const { options, bus } = this;
    const step = this.step++;
    const mark: StepMark = { publisher: 'player', step, nowUs, final, appended: {} };
    bus.publish(markSubject('player'), encodeMark(mark));
    await bus.flush();
    while (this.done < step) await new Promise<void>((resolve) => (this.onDone = resolve));
    options.onProgress({ frames: this.frames, nowUs, firstUs: this.firstUs });
    await options.pace(nowUs - this.firstUs);
  }
}
