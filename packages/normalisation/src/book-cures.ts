import { trustRule } from '@parallax/book';
import { TrustCause } from '@parallax/types';
import { ResyncRequests } from './resync-requests.js';

/** A book that stood for so long, in microseconds, was cured. */
export const HELD_US = 60_000_000;
/** Wait before the cure that follows one which did not hold; it doubles with each of them. */
const FIRST_WAIT_US = 1_000_000;
const LONGEST_WAIT_US = 600_000_000;
/** So many in a row are a trouble. */
const TROUBLE_FROM = 5;

/** A book whose fresh snapshots do not help. */
export interface UncuredBook {
  readonly instrument: number;
  /** So many in a row did not hold. */
  readonly failures: number;
  /** When the next is asked for; in the past where one is on its way. */
  readonly nextAtUs: number;
}

interface Course {
  failures: number;
  /** A snapshot was asked for since the book was lost the last time. */
  isAsked: boolean;
  /** Since when the book stands; Infinity where it does not. */
  standsSinceUs: number;
}

/**
 * When a fresh snapshot of a lost book is asked for. Where none comes, again and ever less often ({@link ResyncRequests}); where one
 * comes and the book is lost again within a minute, the next waits twice as long, up to ten minutes: what does not help is not done
 * often, as it may cost others. Pure.
 */
export class BookCures {
  private readonly courses = new Map<number, Course>();
  private readonly requests: ResyncRequests;

  constructor(ask: (instrument: number, attempt: number) => void) {
    this.requests = new ResyncRequests((instrument, attempt) => {
      this.courseOf(instrument).isAsked = true;
      ask(instrument, attempt);
    });
  }

  get requested(): number {
    return this.requests.requested;
  }

  get wakeAtUs(): number {
    return this.requests.wakeAtUs;
  }

  onWake(nowUs: number): void {
    this.requests.onWake(nowUs);
  }

  /** A book wants a snapshot. One that renews a book which stands says nothing of the cure before. */
  want(instrument: number, cause: TrustCause, nowUs: number): void {
    const course = this.courseOf(instrument);
    if (cause === TrustCause.beyondSnapshot) return this.requests.want(instrument, nowUs);
    const isLost = isLoss(cause);
    if (nowUs - course.standsSinceUs >= HELD_US) course.failures = 0;
    else if (isLost && course.isAsked) course.failures++;
    course.standsSinceUs = Infinity;
    if (isLost) {
      course.isAsked = false;
      this.requests.settled(instrument);
    }
    this.requests.want(instrument, nowUs, nowUs + waitAfter(course.failures));
  }

  /** The book stands: no snapshot is needed. To be told again and again while it does. */
  stands(instrument: number, nowUs: number): void {
    this.requests.settled(instrument);
    const course = this.courses.get(instrument);
    if (course === undefined) return;
    course.standsSinceUs = Math.min(course.standsSinceUs, nowUs);
    if (nowUs - course.standsSinceUs >= HELD_US) course.failures = 0;
  }

  /** Books of which several cures in a row did not hold. */
  uncured(): UncuredBook[] {
    const found: UncuredBook[] = [];
    for (const [instrument, { failures }] of this.courses) {
      if (failures >= TROUBLE_FROM) found.push({ instrument, failures, nextAtUs: this.requests.nextAtUs(instrument) });
    }
    return found;
  }

  private courseOf(instrument: number): Course {
    let course = this.courses.get(instrument);
    if (course === undefined) {
      course = { failures: 0, isAsked: false, standsSinceUs: Infinity };
      this.courses.set(instrument, course);
    }
    return course;
  }
}

/** Whether what the book held was wrong; to have no snapshot yet, or no connection, says nothing of the one before. */
function isLoss(cause: TrustCause): boolean {
  const { wayOut, counter } = trustRule(cause);
  return wayOut === 'snapshot' && counter !== 'none';
}

const waitAfter = (failures: number): number => (failures === 0 ? 0 : Math.min(LONGEST_WAIT_US, FIRST_WAIT_US * 2 ** (failures - 1)));
