import type { ParallaxError, UnknownOutcome } from '@parallax/types';
import { OrderedArrivals, type LatencyModel } from '../latency.js';
import type { Journal } from './journal.js';

/** What travels back from the venue. */
interface Answer {
  tell(): void;
  /** It tells that nothing happened, so that it need not wait for what the journal makes safe. */
  readonly ofNothing: boolean;
}

export interface VenueWaysOptions {
  readonly latency: LatencyModel;
  readonly journal: Journal;
  mayAct?(): boolean;
}

const NOT_ACTING: UnknownOutcome = { kind: 'unknown', detail: 'the lease of the venue is in doubt' };
const unknownOf = ({ message }: ParallaxError): UnknownOutcome => ({ kind: 'unknown', detail: message });

/**
 * The ways to a venue and back. Nothing overtakes on either; a command acts at its own moment of arrival, and its answer is
 * told once the journal holds what it tells.
 */
export class VenueWays {
  private readonly commands = new OrderedArrivals<(nowUs: number) => Answer>();
  private readonly answers = new OrderedArrivals<Answer>();

  constructor(private readonly options: VenueWaysOptions) {}

  get wakeAtUs(): number {
    return Math.min(this.commands.nextUs, this.answers.nextUs);
  }

  /**
   * A command leaves. Where the venue may not act when it arrives, or its journal failed, nothing happens and nothing is
   * known: of what the journal may or may not hold, its next reader knows.
   */
  send<Outcome>(
    sentAtUs: number, reply: (outcome: Outcome | UnknownOutcome) => void, act: (nowUs: number) => Outcome,
    withoutJournal: (failure: ParallaxError) => Outcome | UnknownOutcome = unknownOf,
  ): void {
    const { latency, journal } = this.options;
    const ofNothing = (outcome: Outcome | UnknownOutcome): Answer => ({ tell: () => reply(outcome), ofNothing: true });
    this.commands.push((arrivedAtUs) => {
      if (this.options.mayAct?.() === false) return ofNothing(NOT_ACTING);
      if (journal.failure) return ofNothing(withoutJournal(journal.failure));
      const outcome = act(arrivedAtUs);
      return { tell: () => reply(outcome), ofNothing: false };
    }, sentAtUs + latency.entryUs(sentAtUs));
  }

  /** Lets what arrived by `nowUs` act, each at its own moment, which `at` is told before and `after` after. */
  arrive(nowUs: number, at: (us: number) => void, after: () => void): void {
    for (let dueUs = this.commands.nextUs; dueUs <= nowUs; dueUs = this.commands.nextUs) {
      at(dueUs);
      const answer = this.commands.take(dueUs)!(dueUs);
      after();
      this.answer(answer, dueUs);
    }
  }

  /** Has something told that happened at `atUs`. */
  report(tell: () => void, atUs: number): void {
    this.answer({ tell, ofNothing: false }, atUs);
  }

  /** Tells what has come back by `nowUs`. */
  deliver(nowUs: number): void {
    for (let answer = this.answers.take(nowUs); answer; answer = this.answers.take(nowUs)) {
      if (answer.ofNothing) answer.tell();
      else this.options.journal.whenSafe(answer.tell);
    }
  }

  private answer(answer: Answer, atUs: number): void {
    this.answers.push(answer, atUs + this.options.latency.responseUs(atUs));
  }
}
