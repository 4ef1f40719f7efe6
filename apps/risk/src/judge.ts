import type { Bus, DurableMessage } from '@parallax/bus';
import { isConflict, type RiskCore } from '@parallax/risk';
import type { ServiceLog, StageLatency } from '@parallax/runtime';
import type { Clock, Intent, RefusalCode, TraceStep, Tracing, Verdict } from '@parallax/types';
import { decodeJson, encodeJson, intentSchema, subjects } from '@parallax/wire';
import type { History } from './history.js';

/** Who does not hold the lease gives a message back for so long. */
export const NOT_WRITER_RETRY_MS = 250;
const STORE_RETRY_MS = 100;

type Counted = Record<'approved' | 'refused' | 'unreadable' | 'conflicting' | 'repeated' | 'unstored', number> & { [Code in RefusalCode as `refused${Code}`]?: number };

/**
 * Judges intents of the durable stream. The verdict is stored under the intent's id before the intent is acknowledged:
 * whatever dies in between, the intent comes again, gets the same verdict, and the stream keeps one of it.
 */
export class Judge {
  readonly counters: Counted = { approved: 0, refused: 0, unreadable: 0, conflicting: 0, repeated: 0, unstored: 0 };

  /** Judged, and not known to be stored. */
  private readonly unheard = new Map<string, Intent>();

  constructor(
    private readonly bus: Bus,
    private readonly core: RiskCore,
    private readonly history: Pick<History, 'readVerdicts' | 'stored'>,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
    /** The epoch under which this instance may write now, or null. */
    private readonly actingEpoch: () => number | null,
    /** From the strategy's decision to a verdict that is stored. */
    private readonly toVerdict: StageLatency,
    private readonly tracing?: Tracing,
  ) {}

  async onIntent(message: DurableMessage): Promise<void> {
    const startUs = this.clock.nowUs();
    let intent: Intent;
    try {
      intent = decodeJson(intentSchema, message.bytes);
    } catch (error) {
      this.counters.unreadable++;
      this.log.error('an intent cannot be read', { sequence: message.sequence, error: (error as Error).message });
      return message.reject((error as Error).message);
    }
    if (message.deliveries > 1 && !(await this.knowsOthers(intent))) return message.retry(STORE_RETRY_MS);
    const epoch = this.actingEpoch();
    if (epoch === null) return message.retry(NOT_WRITER_RETRY_MS);
    this.core.epoch = epoch;
    const known = this.core.verdicts.get(intent.id) !== undefined;
    const verdict = this.core.judge(intent, this.clock.nowUs());
    if (isConflict(verdict)) {
      this.counters.conflicting++;
      this.log.error('another plan came under an id that was judged', { intent: intent.id });
      return message.reject('DUPLICATE: another plan was judged under this id');
    }
    if (known) this.counters.repeated++;
    const subject = verdict.kind === 'approved' ? subjects.approved(intent.account) : subjects.refused(intent.account);
    // What follows hangs under the verdict's own span; its id is the same however often the intent comes.
    const traceparent = this.tracing?.contextOfStep(intent.traceparent, 'verdict', intent.id) ?? intent.traceparent;
    const traced = traceparent === undefined ? verdict : { ...verdict, traceparent };
    const headers = traceparent === undefined ? undefined : { traceparent };
    if (!known) this.unheard.set(intent.id, intent);
    try {
      const { duplicate, sequence } = await this.bus.streams.append(subject, encodeJson(traced), { id: intent.id, headers });
      this.unheard.delete(intent.id);
      if (!duplicate) {
        this.history.stored(verdict.kind, sequence);
        this.toVerdict.record(intent.createdAtUs, this.clock.nowUs());
        this.trace(verdict, startUs);
      }
    } catch (error) {
      // The verdict stands in the core; the intent comes again, gets the same one, and it is stored then.
      this.counters.unstored++;
      this.log.error('a verdict could not be stored', { intent: intent.id, error: (error as Error).message });
      return message.retry(STORE_RETRY_MS);
    }
    if (!known) this.count(verdict.kind, verdict.kind === 'refused' ? verdict.refusals.map(({ code }) => code) : []);
    await message.acknowledge();
  }

  /**
   * An intent that comes again may have been another instance's, whose verdict was stored after the streams were read here: two
   * verdicts on one intent would let execution trade what is not reserved. False where they cannot be read now.
   */
  private async knowsOthers({ id }: Intent): Promise<boolean> {
    if (this.core.verdicts.get(id)) return true;
    try {
      await this.history.readVerdicts();
      return true;
    } catch (error) {
      this.log.error('the verdicts of another instance cannot be read', { intent: id, error: (error as Error).message });
      return false;
    }
  }

  /** Another may write from here on: verdicts that may not have been stored are taken back; those that were, are read again. */
  standDown(): void {
    for (const intent of this.unheard.values()) this.core.retract(intent, this.clock.nowUs());
    this.unheard.clear();
  }

  private trace(verdict: Verdict, startUs: number): void {
    const { id, account, strategy, traceparent, opportunityId } = verdict.intent;
    if (traceparent === undefined) return;
    const outcome: TraceStep['attributes'] = verdict.kind === 'approved'
      ? { 'parallax.scaled_by': verdict.scaledBy, 'parallax.reserved': verdict.reserved }
      : { 'parallax.refusals': verdict.refusals.map(({ code }) => code).join(',') };
    this.tracing?.step({
      within: traceparent, step: 'verdict', key: id, startUs, endUs: this.clock.nowUs(),
      attributes: {
        'parallax.outcome': verdict.kind, 'parallax.account': account, 'parallax.strategy': strategy, 'parallax.opportunity': opportunityId, ...outcome,
      },
    });
  }

  private count(kind: 'approved' | 'refused', codes: readonly RefusalCode[]): void {
    this.counters[kind]++;
    for (const code of new Set(codes)) this.counters[`refused${code}`] = (this.counters[`refused${code}`] ?? 0) + 1;
  }
}
