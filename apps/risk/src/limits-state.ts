import type { StateBucket, StateEntry } from '@parallax/bus';
import { changeLimits, LIMIT_FIELDS, limitDifferences, type RiskCore, type RiskLimits, validateLimits } from '@parallax/risk';
import type { ServiceLog } from '@parallax/runtime';
import { type AuditEntry, type LimitDifference, ParallaxError } from '@parallax/types';
import { decodeJson, encodeJson, token, untoken, type LimitsRequest } from '@parallax/wire';
import { z } from 'zod';

const HOW_TO_CHANGE = 'POST /api/v1/risk/limits {"who", "why", "account", "limits": {<name>: <value>}}; the configuration counts until limits stand there';

/** The limits of an account as they stand in shared state, where 0 is the revision of none. */
interface Standing {
  readonly limits: RiskLimits;
  readonly revision: number;
}

/** Keeps the core's limits and those in shared state in step, one entry per account. */
export class LimitsState {
  private configured: ReadonlyMap<string, RiskLimits> = new Map();
  private watch: { stop(): void } | null = null;
  /** Of each account in shared state the revision that the core has. */
  private readonly revisions = new Map<string, number>();

  constructor(
    private readonly bucket: StateBucket,
    private readonly core: RiskCore,
    private readonly audit: (entry: AuditEntry) => Promise<void>,
    private readonly log: ServiceLog,
  ) {}

  /** The configuration alone counts: shared limits are neither read nor written. For replays. */
  useConfigured(configured: ReadonlyMap<string, RiskLimits>): void {
    this.configured = configured;
    for (const [account, limits] of configured) this.core.setLimits(account, limits);
  }

  /** The accounts that there are: those configured, and those whose limits stand in shared state. */
  get accounts(): string[] {
    return [...new Set([...this.configured.keys(), ...this.revisions.keys()])].toSorted();
  }

  /** Where limits in shared state won over the configuration. */
  differences(): LimitDifference[] {
    return [...this.configured].flatMap(([account, limits]) => limitDifferences(account, limits, this.core.limitsOf(account)));
  }

  /** Resolves when the limits that stand have been read; accounts without any get those of the configuration. */
  async start(configured: ReadonlyMap<string, RiskLimits>): Promise<void> {
    this.useConfigured(configured);
    for (const key of await this.bucket.keys()) {
      const entry = await this.bucket.get(key);
      if (entry) this.onLimits(entry);
    }
    this.tellDifferences();
    this.watch = await this.bucket.watch('>', (entry) => this.onLimits(entry));
  }

  /**
   * Shows limits that came from the configuration in shared state. Those that stand there are left alone, and get what they
   * lack: a record may be older than a limit.
   */
  async publish(configured: ReadonlyMap<string, RiskLimits>): Promise<void> {
    for (const account of configured.keys()) {
      const entry = await this.bucket.get(token(account));
      if (entry?.bytes && isWhole(entry.bytes)) continue;
      const { limits, revision } = this.standingIn(account, entry);
      // Where another was quicker, what it wrote stands.
      await this.put(account, limits, revision);
    }
  }

  stop(): void {
    this.watch?.stop();
  }

  /**
   * Changes the limits that are named and leaves the others. A change that came between is kept: this one is made again
   * on top of it, unless both name the same limit with different values.
   * @throws ParallaxError `INPUT_REFUSED` with the limit that is wrong, `STATE_CONFLICT` with the one that another changed.
   */
  async change({ who, why, account, limits }: LimitsRequest, nowUs: number): Promise<RiskLimits> {
    let standing = await this.standing(account);
    for (;;) {
      const next = changeLimits(standing.limits, limits);
      const revision = await this.put(account, next, standing.revision);
      if (revision !== null) {
        const id = `limits-${token(account)}-${revision}`;
        await this.audit({ id, action: 'limits', account, who, why, service: 'risk', atUs: nowUs });
        return next;
      }
      const fresh = await this.standing(account);
      refuseOverlap(account, next, standing.limits, fresh.limits, Object.keys(limits));
      standing = fresh;
    }
  }

  /** Resolves with the new revision, or null where another was quicker. */
  private async put(account: string, limits: RiskLimits, expectedRevision: number): Promise<number | null> {
    try {
      const revision = await this.bucket.put(token(account), encodeJson(limits), expectedRevision);
      this.take(account, limits, revision);
      return revision;
    } catch (error) {
      if (error instanceof ParallaxError && error.code === 'STATE_CONFLICT') return null;
      throw error;
    }
  }

  private async standing(account: string): Promise<Standing> {
    return this.standingIn(account, await this.bucket.get(token(account)));
  }

  /** What cannot be read is replaced by what the core has. */
  private standingIn(account: string, entry: StateEntry | null): Standing {
    const revision = entry?.revision ?? 0;
    try {
      if (entry?.bytes) return { limits: this.read(account, entry.bytes), revision };
    } catch {
      // Told where the watch met it.
    }
    return { limits: this.core.limitsOf(account), revision };
  }

  private take(account: string, limits: RiskLimits, revision: number): void {
    if (revision < (this.revisions.get(account) ?? 0)) return;
    this.revisions.set(account, revision);
    this.core.setLimits(account, limits);
    this.core.setKnown(troubleOf(account), true);
  }

  private tellDifferences(): void {
    const all = this.differences();
    for (const account of new Set(all.map((one) => one.account))) {
      const differences = all.filter((one) => one.account === account);
      const said = differences.map(({ name, standing, configured }) => `${name} is ${standing}, not ${configured} as configured`);
      this.log.warn(`limits of ${account} in shared state win over the configuration: ${said.join('; ')}`, { account, change: HOW_TO_CHANGE });
    }
  }

  private onLimits({ key, bytes, revision }: StateEntry): void {
    const account = untoken(key);
    if (!bytes || revision < (this.revisions.get(account) ?? 0)) return;
    try {
      this.take(account, this.read(account, bytes), revision);
    } catch (error) {
      this.revisions.set(account, revision);
      this.core.setKnown(troubleOf(account), false);
      this.log.error(`${troubleOf(account)}; nothing is approved`, { error: (error as Error).message });
    }
  }

  /** A limit that is younger than the record stands as it is configured. */
  private read(account: string, bytes: Uint8Array): RiskLimits {
    return validateLimits(decodeJson(recordSchema, bytes), this.configured.get(account));
  }
}

const recordSchema = z.record(z.string(), z.json());
const troubleOf = (account: string): string => `the limits of ${account} cannot be read`;

/** Whether a record says every limit; one that cannot be read does not lack any. */
function isWhole(bytes: Uint8Array): boolean {
  try {
    const record = decodeJson(recordSchema, bytes);
    return LIMIT_FIELDS.every(({ name }) => name in record);
  } catch {
    return true;
  }
}

/** @throws ParallaxError `STATE_CONFLICT` where one of the `named` limits has become another than the one that is wished. */
function refuseOverlap(account: string, wished: RiskLimits, before: RiskLimits, fresh: RiskLimits, named: readonly string[]): void {
  const changed = new Set(limitDifferences(account, before, fresh).map(({ name }) => name));
  const lost = limitDifferences(account, wished, fresh).find(({ name }) => named.includes(name) && changed.has(name));
  if (!lost) return;
  const message = `${lost.name} of ${account} was changed to ${lost.standing} at the same moment; look at the limits and ask again`;
  throw new ParallaxError('STATE_CONFLICT', message, { place: lost.name, retryable: true });
}
