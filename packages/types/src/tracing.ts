import type { TraceKeep } from './control.js';
import type { EventOrigin } from './regime.js';
import type { Counters } from './service-counters.js';

/** One finished step after a signal (a verdict, an order); times are integer microseconds of the service's own clock. */
export interface TraceStep {
  /** W3C trace context of what led to it: the parent, in the trace that it names. */
  readonly within: string;
  /** What was done (`verdict`, `order`) and on what (its id): the span's id follows from both. */
  readonly step: string;
  readonly key: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Frames of other traces that belong to it. */
  readonly links?: readonly EventOrigin[];
  /** What went wrong; absent when nothing did. */
  readonly error?: string;
}

/**
 * One service's part in traces. Frames cost a few stores into typed arrays; a span is written only for frames that led
 * to something, and for steps after a signal. Ids follow from what they name, so that services agree without asking.
 */
export interface Tracing {
  /** As they stand in the service's health; left out: none. */
  readonly counters?: Counters;
  /** The service takes up a frame, or a row made from it. */
  frameStarted(connection: number, frame: number, receivedAtUs: number, startedAtUs: number): void;
  /** The frame under way brought the newest quote of this instrument (its number in the process's table). */
  frameTouched(instrument: number): void;
  frameFinished(finishedAtUs: number): void;
  /** Writes this service's spans of the frames that are named, as far as it still knows them. */
  keep(message: TraceKeep): void;
  /** Trace context of this service's work on a frame, as a `traceparent` header. */
  contextOfFrame(origin: EventOrigin): string;
  /** Trace context of a step of this service in the trace of `within`; undefined where that is none. */
  contextOfStep(within: string | undefined, step: string, key: string): string | undefined;
  /** Writes the step's span; told again, it is not written again. */
  step(step: TraceStep): void;
}
