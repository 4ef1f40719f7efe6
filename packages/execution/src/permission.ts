import type { HaltRecord } from '@parallax/types';

/** Whether new exposure may be taken: no halt stands, everywhere or for the account, risk is heard, and the clock can be relied on. */
export class Permission {
  private readonly halts = new Map<string, HaltRecord>();
  private heardAtUs = Number.NEGATIVE_INFINITY;
  private clockInDoubt = false;

  constructor(private readonly riskSilenceUs: number) {}

  /** `account` null is the halt of everything. */
  onHalt(account: string | null, record: HaltRecord): void {
    this.halts.set(account ?? '', record);
  }

  haltOf(account: string): HaltRecord | undefined {
    return this.halts.get(account);
  }

  onRiskAlive(nowUs: number): void {
    this.heardAtUs = nowUs;
  }

  /** Whether risk gave a sign of life since the start. */
  get hasHeardRisk(): boolean {
    return this.heardAtUs > Number.NEGATIVE_INFINITY;
  }

  /** Nobody knows how old a quote or an approval is while the clock is in doubt. */
  onClock(inDoubt: boolean): void {
    this.clockInDoubt = inDoubt;
  }

  /** When silence will have lasted too long; `Infinity` when it has already. */
  silentAtUs(nowUs: number): number {
    const atUs = this.heardAtUs + this.riskSilenceUs;
    return atUs > nowUs ? atUs : Number.POSITIVE_INFINITY;
  }

  /** Why nothing new may go, or null. */
  refusalFor(account: string, nowUs: number): string | null {
    for (const key of ['', account]) {
      const record = this.halts.get(key);
      if (record?.halted) return `halted: ${record.reason}`;
    }
    if (this.clockInDoubt) return 'the clock of this machine is in doubt';
    return nowUs >= this.heardAtUs + this.riskSilenceUs ? 'risk is silent' : null;
  }
}
