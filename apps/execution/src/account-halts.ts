import type { StateBucket } from '@parallax/bus';
import type { ServiceLog } from '@parallax/runtime';
import type { AuditEntry, Clock, HaltRecord, Timers, Trouble } from '@parallax/types';
import { decodeJson, encodeJson, haltRecordSchema, token, untoken } from '@parallax/wire';

const SELF = 'execution';
const AGAIN_MS = 250;

const keyOf = (account: string): string => `halt.${token(account)}`;
const accountOf = (key: string): string | null => (key === 'halt' ? null : untoken(key.slice('halt.'.length)));
const isSame = (one: HaltRecord, other: HaltRecord): boolean => one.by === other.by && one.atUs === other.atUs;

/** Follows the halt records of shared state, and writes those by which execution itself halts an account. */
export class AccountHalts {
  /** `null` is the halt of everything. */
  readonly records = new Map<string | null, HaltRecord>();
  private readonly revisions = new Map<string, number>();
  /** Halts of our own that are not known to be in shared state yet, by their key. */
  private readonly unwritten = new Map<string, HaltRecord>();
  private readonly retries = new Map<string, () => void>();
  private watch: { stop(): void } | null = null;

  /** `told` hears every record as it comes to stand; `audit` stores an entry, once however often it is told. */
  constructor(
    private readonly bucket: StateBucket,
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly log: ServiceLog,
    private readonly told: (account: string | null, record: HaltRecord) => void,
    private readonly audit: (entry: AuditEntry) => Promise<void>,
  ) {}

  async start(): Promise<void> {
    this.watch = await this.bucket.watch('>', ({ key, bytes, revision }) => this.onRecord(key, bytes, revision));
  }

  stop(): void {
    this.watch?.stop();
    this.watch = null;
    for (const cancel of this.retries.values()) cancel();
  }

  /** Sets a halt of our own: it stands here at once, and is written until it stands in shared state. */
  halt(account: string, record: HaltRecord): void {
    const key = keyOf(account);
    this.records.set(account, record);
    this.unwritten.set(key, record);
    this.log.error(`account ${account} is halted`, { reason: record.reason });
    this.write(key, record);
    const { by, reason, atUs } = record;
    this.tell({ id: `${key}-${by}-${atUs}`, action: 'halt', account, who: by, why: reason, service: SELF, atUs });
  }

  /** What execution halted and nobody has resumed yet. */
  troubles(): Trouble[] {
    return [...this.records].filter(([, { halted, by }]) => halted && by === SELF).map(([account, { reason }]) => ({
      key: account === null ? 'halted' : `halted.${account.replaceAll(/[^\w.-]/g, '_')}`,
      severity: 'critical',
      summary: `${account === null ? 'everything' : `account ${account}`} is halted: ${reason}. Compare with the venue, put it right, then resume`,
    }));
  }

  /** Until it is there, or a newer one of ours or its own echo has come. */
  private write(key: string, record: HaltRecord): void {
    if (this.unwritten.get(key) !== record) return;
    this.bucket.put(key, encodeJson(record)).then(
      (revision) => {
        this.revisions.set(key, Math.max(revision, this.revisions.get(key) ?? 0));
        if (this.unwritten.get(key) === record) this.unwritten.delete(key);
      },
      (error: Error) => {
        this.log.error('a halt could not be written; here it stands', { key, error: error.message });
        if (this.watch) this.retries.set(key, this.timers.after(AGAIN_MS, () => this.write(key, record)));
      },
    );
  }

  /** Until it is in the audit. */
  private tell(entry: AuditEntry): void {
    this.audit(entry).catch((error: Error) => {
      this.log.error('a halt is not in the audit yet', { id: entry.id, error: error.message });
      if (this.watch) this.retries.set(entry.id, this.timers.after(AGAIN_MS, () => this.tell(entry)));
    });
  }

  private onRecord(key: string, bytes: Uint8Array | null, revision: number): void {
    // Nobody takes a halt back by removing its record: risk writes that trading is resumed.
    if (bytes === null || revision < (this.revisions.get(key) ?? 0)) return;
    const record = this.read(bytes);
    const own = this.unwritten.get(key);
    // What was written before ours does not lift it.
    if (own && !isSame(own, record)) return;
    this.unwritten.delete(key);
    this.revisions.set(key, revision);
    const account = accountOf(key);
    this.records.set(account, record);
    this.told(account, record);
  }

  private read(bytes: Uint8Array): HaltRecord {
    try {
      return decodeJson(haltRecordSchema, bytes);
    } catch (error) {
      // What cannot be read may be a halt, so it is one.
      return { halted: true, by: SELF, reason: `the halt record cannot be read: ${(error as Error).message}`, atUs: this.clock.nowUs() };
    }
  }
}
