import type { StateBucket } from '@parallax/bus';
import { limitDifferences, type RiskCore, type RiskLimits, validateLimits } from '@parallax/risk';
import type { ServiceLog } from '@parallax/runtime';
import type { AuditEntry, LimitDifference } from '@parallax/types';
import { decodeJson, encodeJson, token, untoken, type LimitsRequest } from '@parallax/wire';
import { z } from 'zod';

const HOW_TO_CHANGE = 'POST /api/v1/risk/limits {"who", "why", "account", "limits": {<name>: <value>}}; the configuration counts until limits stand there';

/** Keeps the core's limits and those in shared state in step, one entry per account. */
export class LimitsState {
  private configured: ReadonlyMap<string, RiskLimits> = new Map();
  private watch: { stop(): void } | null = null;

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

  /** Where limits in shared state won over the configuration. */
  differences(): LimitDifference[] {
    return [...this.configured].flatMap(([account, limits]) => limitDifferences(account, limits, this.core.limitsOf(account)));
  }

  /** Resolves when the limits that stand have been read; accounts without any get those of the configuration. */
  async start(configured: ReadonlyMap<string, RiskLimits>): Promise<void> {
    this.useConfigured(configured);
    for (const key of await this.bucket.keys()) {
      const entry = await this.bucket.get(key);
      if (entry) this.onLimits(key, entry.bytes);
    }
    this.tellDifferences();
    this.watch = await this.bucket.watch('>', ({ key, bytes }) => this.onLimits(key, bytes));
  }

  /** Shows limits that came from the configuration in shared state; those that stand there are left alone. */
  async publish(configured: ReadonlyMap<string, RiskLimits>): Promise<void> {
    for (const [account, limits] of configured) {
      if ((await this.bucket.get(token(account)))?.bytes) continue;
      await this.bucket.put(token(account), encodeJson(limits));
    }
  }

  stop(): void {
    this.watch?.stop();
  }

  /** @throws ParallaxError `INPUT_REFUSED` with the limit that is wrong. */
  async change({ who, why, account, limits }: LimitsRequest, nowUs: number): Promise<RiskLimits> {
    const next = validateLimits(limits, this.core.limitsOf(account));
    await this.bucket.put(token(account), encodeJson(next));
    this.core.setLimits(account, next);
    await this.audit({ id: `limits-${token(account)}-${nowUs}`, action: 'limits', account, who, why, service: 'risk', atUs: nowUs });
    return next;
  }

  private tellDifferences(): void {
    const all = this.differences();
    for (const account of new Set(all.map((one) => one.account))) {
      const differences = all.filter((one) => one.account === account);
      const said = differences.map(({ name, standing, configured }) => `${name} is ${standing}, not ${configured} as configured`);
      this.log.warn(`limits of ${account} in shared state win over the configuration: ${said.join('; ')}`, { account, change: HOW_TO_CHANGE });
    }
  }

  private onLimits(key: string, bytes: Uint8Array | null): void {
    if (!bytes) return;
    const account = untoken(key);
    const trouble = `the limits of ${account} cannot be read`;
    try {
      // A limit that is younger than the record stands as it is configured.
      this.core.setLimits(account, validateLimits(decodeJson(z.record(z.string(), z.json()), bytes), this.configured.get(account)));
      this.core.setKnown(trouble, true);
    } catch (error) {
      this.core.setKnown(trouble, false);
      this.log.error(`${trouble}; nothing is approved`, { error: (error as Error).message });
    }
  }
}
