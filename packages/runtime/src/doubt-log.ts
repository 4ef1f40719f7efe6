import type { ServiceContext } from './service.js';

/** A doubt about the lease is told once it has lasted so long. */
const DOUBT_LASTS_MS = 1_000;

/**
 * Tells a doubt that lasts, with its cause, and its end. One that is over soon, as on a machine with much to do, is in the counters
 * (`leaseDoubts`) alone; who gives the lease back has none any more. Each has a number, so that the log holds back neither line of it.
 */
export class DoubtLog {
  private cancel = (): void => {};
  private told = false;
  private occurrence = 0;

  constructor(
    private readonly role: string,
    private readonly context: Pick<ServiceContext, 'timers' | 'log'>,
    private readonly causeOf: () => string | null,
  ) {}

  begin(epoch: number): void {
    const { role, context } = this;
    this.cancel = context.timers.after(DOUBT_LASTS_MS, () => {
      this.told = true;
      context.log.warn(`the lease of ${role} cannot be renewed; it writes nothing new`, { epoch, occurrence: ++this.occurrence, reason: this.causeOf() ?? 'no answer in time' });
    });
  }

  /** A renewal was confirmed. */
  end(epoch: number): void {
    this.tellEnd(`the doubt about the lease of ${this.role} is over`, epoch);
  }

  /** Another instance took the lease. */
  lose(epoch: number): void {
    this.tellEnd(`the lease of ${this.role} is another's now`, epoch);
  }

  stop(): void {
    this.cancel();
    this.told = false;
  }

  private tellEnd(message: string, epoch: number): void {
    this.cancel();
    if (this.told) this.context.log.warn(message, { epoch, occurrence: this.occurrence });
    this.told = false;
  }
}
