import type { Bus } from '@parallax/bus';
import { ParallaxError, type AuditEntry, type HaltRecord, type HaltRequest, type ResumeRequest } from '@parallax/types';
import { BUCKETS, decodeJson, encodeJson, resumeReplySchema, subjects, token } from '@parallax/wire';
import { Problem } from '../http/problem.js';
import type { Log } from '../dependencies.js';

const RESUME_TIMEOUT_MS = 3_000;

/**
 * The kill switch's public handle. Halting writes the record into shared state and so needs neither risk nor execution
 * to be alive; both watch it. Resuming is risk's to grant.
 */
export class HaltControl {
  constructor(
    private readonly bus: Bus,
    private readonly nowUs: () => number,
    private readonly id: () => string,
    private readonly log: Log,
  ) {}

  /** `audited` is false when the record stands but its audit entry could not be stored. */
  async halt(request: HaltRequest): Promise<{ record: HaltRecord; audited: boolean }> {
    const { who, why, account } = request;
    const record: HaltRecord = { halted: true, by: who, reason: why, atUs: this.nowUs() };
    const key = account === undefined ? 'halt' : `halt.${token(account)}`;
    try {
      await this.bus.state(BUCKETS.halt).put(key, encodeJson(record));
    } catch (error) {
      const asked = this.askRisk(request) ? 'risk was asked to halt, without an answer yet' : 'nor could risk be asked';
      const message = `the halt record could not be written (${String(error)}); ${asked}`;
      throw new ParallaxError('STORE_FAILED', message, { retryable: true, outcomeUnknown: true, cause: error });
    }
    return { record, audited: await this.audit(request) };
  }

  /** @throws Problem 503 or 504 without risk: trading stays halted; 409 when risk declines. */
  async resume(request: ResumeRequest): Promise<{ record: HaltRecord | null }> {
    let bytes: Uint8Array;
    try {
      bytes = (await this.bus.request(subjects.resume(), encodeJson(request), { timeoutMs: RESUME_TIMEOUT_MS })).bytes;
    } catch (error) {
      if (!(error instanceof ParallaxError)) throw error;
      if (error.code === 'BUS_NO_RESPONDER') {
        throw new Problem(503, 'SERVICE_MISSING', 'resuming needs the risk service, and it is not there; trading stays halted');
      }
      if (error.code === 'BUS_TIMEOUT') {
        throw new Problem(504, 'BUS_TIMEOUT', 'the risk service did not answer in time; look at the halt record before asking again');
      }
      throw error;
    }
    const reply = decodeJson(resumeReplySchema, bytes);
    if (reply.error) throw new Problem(409, reply.error.code, reply.error.message);
    return { record: reply.record ?? null };
  }

  private askRisk(request: HaltRequest): boolean {
    try {
      this.bus.publish(subjects.halt(), encodeJson(request));
      return true;
    } catch {
      return false;
    }
  }

  private async audit({ who, why, account }: HaltRequest): Promise<boolean> {
    const id = this.id();
    const entry: AuditEntry = {
      id, action: 'halt', account: account ?? null, who, why, service: 'gateway', atUs: this.nowUs(),
    };
    try {
      await this.bus.streams.append(subjects.audit(), encodeJson(entry), { id });
      return true;
    } catch (error) {
      this.log.error('the audit entry of a halt could not be stored', { entry, reason: String(error) });
      return false;
    }
  }
}
