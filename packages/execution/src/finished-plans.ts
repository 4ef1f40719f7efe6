const FORGET_EVERY_US = 60_000_000;

/**
 * Intents whose plans came to their end, kept while something of them may still come: the approval once more, or a late
 * word of the venue on one of its orders.
 */
export class FinishedPlans {
  /** When {@link forget} is due; `Infinity` while nothing is kept. */
  forgetAtUs = Number.POSITIVE_INFINITY;
  private readonly endedAtUs = new Map<string, number>();

  constructor(private readonly retentionUs: number) {}

  has(intentId: string): boolean {
    return this.endedAtUs.has(intentId);
  }

  add(intentId: string, endedAtUs: number): void {
    this.endedAtUs.set(intentId, endedAtUs);
    this.forgetAtUs = Math.min(this.forgetAtUs, endedAtUs + this.retentionUs);
  }

  /** What ended by then is not remembered any more. */
  forgottenUntilUs(nowUs: number): number {
    return nowUs - this.retentionUs;
  }

  forget(nowUs: number): void {
    const untilUs = this.forgottenUntilUs(nowUs);
    for (const [intentId, endedAtUs] of this.endedAtUs) if (endedAtUs <= untilUs) this.endedAtUs.delete(intentId);
    this.forgetAtUs = this.endedAtUs.size > 0 ? nowUs + FORGET_EVERY_US : Number.POSITIVE_INFINITY;
  }
}
