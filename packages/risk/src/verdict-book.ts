import type { Intent, Refused, Verdict } from '@parallax/types';

/** The first verdict on each intent, by the intent's id. */
export class VerdictBook {
  private readonly byIntent = new Map<string, Verdict>();
  /** How often an id came again with the same and with another plan. */
  repeated = 0;
  conflicting = 0;

  get size(): number {
    return this.byIntent.size;
  }

  get(intentId: string): Verdict | undefined {
    return this.byIntent.get(intentId);
  }

  all(): IterableIterator<Verdict> {
    return this.byIntent.values();
  }

  /** False when the intent has a verdict already; the first one stands. */
  add(verdict: Verdict): boolean {
    if (this.byIntent.has(verdict.intent.id)) return false;
    this.byIntent.set(verdict.intent.id, verdict);
    return true;
  }

  remove(intentId: string): void {
    this.byIntent.delete(intentId);
  }

  /** The answer to an id that was judged before: its verdict, or DUPLICATE where the id now names another plan. */
  again(known: Verdict, intent: Intent, nowUs: number): Verdict {
    if (JSON.stringify(known.intent.plan) === JSON.stringify(intent.plan) && known.intent.account === intent.account) {
      this.repeated++;
      return known;
    }
    this.conflicting++;
    const detail = `another plan was judged under this id: ${known.kind}`;
    const refused: Refused = { kind: 'refused', intent, refusals: [{ code: 'DUPLICATE', detail }], atUs: nowUs };
    return refused;
  }

  forget(untilUs: number, open: (verdict: Verdict) => boolean): void {
    for (const [id, verdict] of this.byIntent) {
      if (Math.max(verdict.atUs, verdict.intent.expiresAtUs) <= untilUs && !open(verdict)) this.byIntent.delete(id);
    }
  }
}

/** Whether a verdict answers a second, different plan under an id that was judged before. */
export const isConflict = (verdict: Verdict): boolean =>
  verdict.kind === 'refused' && verdict.refusals.every(({ code }) => code === 'DUPLICATE');
