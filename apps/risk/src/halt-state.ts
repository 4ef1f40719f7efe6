import type { StateBucket } from '@parallax/bus';
import { EVERYWHERE, type RiskCore } from '@parallax/risk';
import type { ServiceLog } from '@parallax/runtime';
import type { AuditEntry, HaltRecord, HaltRequest } from '@parallax/types';
import { ParallaxError } from '@parallax/types';
import { decodeJson, encodeJson, haltRecordSchema, token, untoken } from '@parallax/wire';

const KEY = 'halt';
const keyOf = (scope: string): string => (scope === EVERYWHERE ? KEY : `${KEY}.${token(scope)}`);
const scopeOf = (key: string): string => (key === KEY ? EVERYWHERE : untoken(key.slice(KEY.length + 1)));

/** Keeps the core's halts and the shared halt records in step. Anyone may halt; only {@link resume} takes it back. */
export class HaltState {
  private watch: { stop(): void } | null = null;
  private readonly revisions = new Map<string, number>();
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

  async halt(request: HaltRequest, nowUs: number): Promise<HaltRecord> {
    const { scope, record, audit } = this.core.halts.halt(request, nowUs);
    this.revisions.set(scope, await this.bucket.put(keyOf(scope), encodeJson(record)));
    await this.audit(audit);
    return record;
  }

  /** @throws ParallaxError `INPUT_REFUSED` when nothing is halted, `STATE_CONFLICT` when a new halt came between. */
  async resume(request: HaltRequest, nowUs: number): Promise<HaltRecord> {
    const wanted = request.account ?? EVERYWHERE;
    const before = this.core.halts.all().get(wanted);
    if (!before?.halted) throw new ParallaxError('INPUT_REFUSED', 'trading is not halted there: nothing is to be resumed', { place: 'account' });
    const { scope, record, audit } = this.core.halts.resume(request, nowUs);
    try {
      this.revisions.set(scope, await this.bucket.put(keyOf(scope), encodeJson(record), this.revisions.get(scope) ?? 0));
    } catch (error) {
      this.core.halts.observe(scope, before, true);
      throw error;
    }
    await this.audit(audit);
    return record;
  }

  private onRecord(scope: string, bytes: Uint8Array | null, revision: number): void {
    if (revision < (this.revisions.get(scope) ?? 0)) return;
    this.revisions.set(scope, revision);
    let record: HaltRecord | null = null;
    try {
      record = bytes && decodeJson(haltRecordSchema, bytes);
    } catch (error) {
      // An unreadable record may be a halt: it counts as one until a readable one replaces it.
      record = { halted: true, by: 'risk', reason: `the halt record is unreadable: ${(error as Error).message}`, atUs: 0 };
    }
    const standing = this.core.halts.observe(scope, record, this.reading);
    if (!standing) return;
    this.log.warn('somebody lifted a halt that risk has not lifted; it is set again', { scope });
    this.bucket.put(keyOf(scope), encodeJson(standing), revision).then(
      (put) => void this.revisions.set(scope, Math.max(put, this.revisions.get(scope) ?? 0)),
      (error: Error) => this.log.error('the halt could not be set again; here it stands', { scope, error: error.message }),
    );
  }
}
