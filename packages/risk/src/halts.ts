import type { HaltRecord } from '@parallax/types';

/** Everything, or one account. */
export const EVERYWHERE = '*';

/** Who did what to the rules, why and when: kept for ever in the audit stream. */
export interface AuditEntry {
  readonly what: 'halt' | 'resume' | 'limits';
  /** The account, or `*` for everything. */
  readonly scope: string;
  readonly who: string;
  readonly why: string;
  readonly atUs: number;
  readonly detail?: unknown;
}

export interface HaltRequest {
  readonly scope: string;
  readonly who: string;
  readonly why: string;
}

/**
 * The halt records as risk holds them. Anyone may set a halt; only {@link resume} here takes one back, so that a record
 * that another hand set to "not halted" is answered with the halt again.
 */
export class Halts {
  private readonly records = new Map<string, HaltRecord>();

  halt({ scope, who, why }: HaltRequest, atUs: number): { record: HaltRecord; audit: AuditEntry } {
    const record: HaltRecord = { halted: true, by: who, reason: why, atUs };
    this.records.set(scope, record);
    return { record, audit: { what: 'halt', scope, who, why, atUs } };
  }

  resume({ scope, who, why }: HaltRequest, atUs: number): { record: HaltRecord; audit: AuditEntry } {
    const record: HaltRecord = { halted: false, by: who, reason: why, atUs };
    this.records.set(scope, record);
    return { record, audit: { what: 'resume', scope, who, why, atUs } };
  }

  /**
   * Takes a record seen in shared state. Returns the record to write back where it would lift a halt that risk has not
   * lifted; null where nothing is to be done. `trusted` is for the first reading at start.
   */
  observe(scope: string, record: HaltRecord | null, trusted = false): HaltRecord | null {
    const known = this.records.get(scope);
    if (!trusted && known?.halted && !record?.halted) return known;
    if (record) this.records.set(scope, record);
    return null;
  }

  /** Halts that apply to an account, everywhere first. */
  applying(account: string): { scope: string; by: string; reason: string }[] {
    const applying: { scope: string; by: string; reason: string }[] = [];
    for (const scope of [EVERYWHERE, account]) {
      const record = this.records.get(scope);
      if (record?.halted) applying.push({ scope: scope === EVERYWHERE ? 'everything' : `account ${scope}`, by: record.by, reason: record.reason });
    }
    return applying;
  }

  all(): ReadonlyMap<string, HaltRecord> {
    return this.records;
  }
}
