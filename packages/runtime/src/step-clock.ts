import { ParallaxError } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';

const decoder = new TextDecoder();

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

export const encodeMark = (mark: StepMark): Uint8Array => encodeJson(mark);

/** Marks are read a dozen times a step: checking them by a schema took 3 % of a whole replay. */
export function decodeMark(bytes: Uint8Array): StepMark {
  const mark = JSON.parse(decoder.decode(bytes)) as StepMark | null;
  const isMark = typeof mark === 'object' && mark !== null && typeof mark.publisher === 'string' && Number.isSafeInteger(mark.step)
    && Number.isSafeInteger(mark.nowUs) && typeof mark.final === 'boolean' && typeof mark.appended === 'object' && mark.appended !== null;
  if (!isMark) throw new ParallaxError('INPUT_REFUSED', 'this is no mark of a step', { place: '$' });
  return mark;
}

export const markSubject = (publisher: string): string => subjects.clock(publisher);

/** Counting key of a durable subject: `exec.intent.paper` counts as `exec.intent`. */
export function countingKey(subject: string): string {
  const second = subject.indexOf('.', subject.indexOf('.') + 1);
  return second < 0 ? subject : subject.slice(0, second);
}
