import { decodeJson, encodeJson, subjects } from '@parallax/wire';
import { z } from 'zod';

/**
 * A watermark of event time, told by one publisher: everything it has to say up to `nowUs` was published before. The
 * counts tell readers of durable streams how many messages to wait for, since those travel another way.
 */
export interface StepMark {
  readonly publisher: string;
  readonly step: number;
  readonly nowUs: number;
  /** The last mark: no event follows. */
  readonly final: boolean;
  /** Messages appended since the replay began, by the first two tokens of their subject. */
  readonly appended: Readonly<Record<string, number>>;
}

const stepMark: z.ZodType<StepMark> = z.object({
  publisher: z.string(),
  step: z.int(),
  nowUs: z.int(),
  final: z.boolean(),
  appended: z.record(z.string(), z.int()),
});

export const encodeMark = (mark: StepMark): Uint8Array => encodeJson(mark);
export const decodeMark = (bytes: Uint8Array): StepMark => decodeJson(stepMark, bytes);
export const markSubject = (publisher: string): string => subjects.clock(publisher);

/** Counting key of a durable subject: `exec.intent.paper` counts as `exec.intent`. */
export function countingKey(subject: string): string {
  const second = subject.indexOf('.', subject.indexOf('.') + 1);
  return second < 0 ? subject : subject.slice(0, second);
}
