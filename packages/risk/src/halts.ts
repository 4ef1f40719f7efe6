import type { AuditAction, AuditEntry, HaltRecord, HaltRequest } from '@parallax/types';

/** Everything, or one account. */
export const EVERYWHERE = '*';

/** A halt or its end: the record for shared state, and the entry for the audit stream. */
export interface Ruling {
  readonly scope: string;
  readonly record: HaltRecord;
  readonly audit: AuditEntry;
}

/**
 * The halt records as risk holds them. Anyone may set a halt; only {@link resume} here takes one back, so that a record
 * that another hand set to "not halted" is answered with the halt again.
 */
export class Halts {
  private readonly records = new Map<string, HaltRecord>();

  halt(request: HaltRequest, atUs: number): Ruling {
    const ruling = this.ruling('halt', request, atUs);
    this.records.set(ruling.scope, ruling.record);
    return ruling;
  }

  resume(request: HaltRequest, atUs: number): Ruling {
    const ruling = this.ruling('resume', request, atUs);
    this.records.set(ruling.scope, ruling.record);
    return ruling;
  }

  /** What a request would set; nothing is set yet. */
  ruling(action: AuditAction, { who, why, account }: HaltRequest, atUs: number): Ruling {
    const scope = account ?? EVERYWHERE;
    const record: HaltRecord = { halted: action === 'halt', by: who, reason: why, atUs };
    const id = `${action}-${scope}-${atUs}`;
    return { scope, record, audit: { id, action, account: account ?? null, who, why, service: 'risk', atUs } };
  }

  /** How many halts stand. */
  get standing(): number {
    let count = 0;
    for (const record of this.records.values()) if (record.halted) count++;
    return count;
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
