import type { StateBucket } from '@parallax/bus';
import { EVERYWHERE, type RiskCore } from '@parallax/risk';
import type { ServiceLog } from '@parallax/runtime';
import type { AuditEntry, HaltRecord, HaltRequest } from '@parallax/types';
import { ParallaxError } from '@parallax/types';
import { decodeJson, encodeJson, haltRecordSchema, token, untoken } from '@parallax/wire';

const KEY = 'halt';
const keyOf = (scope: string): string => (scope === EVERYWHERE ? KEY : `${KEY}.${token(scope)}`);
const scopeOf = (key: string): string => (key === KEY ? EVERYWHERE : untoken(key.slice(KEY.length + 1)));

const isSame = (record: HaltRecord | null, other: HaltRecord | undefined): boolean =>
  record !== null && other !== undefined && record.halted === other.halted && record.by === other.by && record.atUs === other.atUs;

/** Keeps the core's halts and the shared halt records in step. Anyone may halt; only {@link resume} takes it back. */
export class HaltState {
  private watch: { stop(): void } | null = null;
  private readonly revisions = new Map<string, number>();
  /** Ends of halts that are being written: until they stand in shared state the halts do. */
  private readonly granting = new Map<string, HaltRecord>();
  private reading = true;

  constructor(
    private readonly bucket: StateBucket,
    private readonly core: RiskCore,
    private readonly audit: (entry: AuditEntry) => Promise<void>,
    private readonly log: ServiceLog,
  ) {}

  /** Resolves when the records that stand have been read. */
  async start(): Promise<void> {
    this.watch = await this.bucket.watch('>', ({ key, bytes, revision }) => this.onRecord(scopeOf(key), bytes, revision));
    // What the watch told first is what stood; a record may have come while it started, and reading it again is harmless.
    for (const key of await this.bucket.keys()) {
      const entry = await this.bucket.get(key);
      if (entry) this.onRecord(scopeOf(key), entry.bytes, entry.revision);
    }
    this.reading = false;
  }

  stop(): void {
    this.watch?.stop();
  }

  /** It stands here at once, and is written over whatever stands in shared state: a halt is never refused. */
  async halt(request: HaltRequest, nowUs: number): Promise<HaltRecord> {
    const { scope, record, audit } = this.core.halts.halt(request, nowUs);
    const revision = await this.bucket.put(keyOf(scope), encodeJson(record));
    this.revisions.set(scope, Math.max(revision, this.revisions.get(scope) ?? 0));
    await this.audit({ ...audit, id: `${audit.id}-${revision}` });
    return record;
  }

  /** @throws ParallaxError `INPUT_REFUSED` when nothing is halted, `STATE_CONFLICT` when a new halt came between. */
  async resume(request: HaltRequest, nowUs: number): Promise<HaltRecord> {
    const wanted = request.account ?? EVERYWHERE;
    const before = this.core.halts.all().get(wanted);
    if (!before?.halted) throw new ParallaxError('INPUT_REFUSED', 'trading is not halted there: nothing is to be resumed', { place: 'account' });
    const { scope, record, audit } = this.core.halts.ruling('resume', request, nowUs);
    this.granting.set(scope, record);
    let revision: number;
    try {
      revision = await this.bucket.put(keyOf(scope), encodeJson(record), this.revisions.get(scope) ?? 0);
    } finally {
      this.granting.delete(scope);
    }
    this.take(scope, record, revision, true);
    await this.audit({ ...audit, id: `${audit.id}-${revision}` });
    return record;
  }

  private onRecord(scope: string, bytes: Uint8Array | null, revision: number): void {
    let record: HaltRecord | null = null;
    try {
      record = bytes && decodeJson(haltRecordSchema, bytes);
    } catch (error) {
      // An unreadable record may be a halt: it counts as one until a readable one replaces it.
      record = { halted: true, by: 'risk', reason: `the halt record is unreadable: ${(error as Error).message}`, atUs: 0 };
    }
    this.take(scope, record, revision, this.reading || isSame(record, this.granting.get(scope)));
  }

  /** Takes a record unless a newer one is known; `trusted`: it may lift a halt. */
  private take(scope: string, record: HaltRecord | null, revision: number, trusted: boolean): void {
    if (revision < (this.revisions.get(scope) ?? 0)) return;
    this.revisions.set(scope, revision);
    const standing = this.core.halts.observe(scope, record, trusted);
    if (!standing) return;
    this.log.warn('somebody lifted a halt that risk has not lifted; it is set again', { scope });
    this.bucket.put(keyOf(scope), encodeJson(standing), revision).then(
      (put) => void this.revisions.set(scope, Math.max(put, this.revisions.get(scope) ?? 0)),
      (error: Error) => this.log.error('the halt could not be set again; here it stands', { scope, error: error.message }),
    );
  }
}
