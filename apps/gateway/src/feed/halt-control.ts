import type { Bus } from '@parallax/bus';
import { ParallaxError, type AuditEntry, type EvenedRequest, type HaltRecord, type HaltRequest, type ResumeRequest } from '@parallax/types';
import {
  BUCKETS, decodeJson, encodeJson, limitsReplySchema, resumeReplySchema, subjects, token, type LimitsReply, type LimitsRequest,
} from '@parallax/wire';
import type { z } from 'zod';
import { Problem } from '../http/problem.js';
import type { Log } from '../dependencies.js';

const RISK_TIMEOUT_MS = 3_000;

/**
 * The kill switch's public handle. Halting writes the record into shared state and so needs neither risk nor execution
 * to be alive; both watch it. Resuming, and other limits, are risk's to grant.
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
      const asked = this.tellRisk(request) ? 'risk was asked to halt, without an answer yet' : 'nor could risk be asked';
      const message = `the halt record could not be written (${String(error)}); ${asked}`;
      throw new ParallaxError('STORE_FAILED', message, { retryable: true, outcomeUnknown: true, cause: error });
    }
    return { record, audited: await this.audit(request) };
  }

  /** @throws Problem 503 or 504 without risk: trading stays halted; 409 when risk declines. */
  async resume(request: ResumeRequest): Promise<{ record: HaltRecord | null }> {
    const reply = await this.askRisk(subjects.resume(), request, resumeReplySchema, 'resuming', 'trading stays halted', 'look at the halt record');
    if (reply.error) throw new Problem(409, reply.error.code, reply.error.message);
    return { record: reply.record ?? null };
  }

  /** @throws Problem 503 or 504 without risk; 400 for a limit that risk does not take, 409 when it declines otherwise. */
  async limits(request: LimitsRequest): Promise<{ limits: NonNullable<LimitsReply['limits']> }> {
    const { limits = {}, error } = await this.askRisk(
      subjects.limits(), request, limitsReplySchema, 'changing limits', 'the limits stay as they are', 'look at the limits',
    );
    if (error) throw new Problem(error.code === 'INPUT_REFUSED' ? 400 : 409, error.code, error.message);
    return { limits };
  }

  /** Keeps a person's word; monitoring hears it. @throws ParallaxError when it cannot be stored. */
  async evened(request: EvenedRequest): Promise<AuditEntry> {
    const entry: AuditEntry = { id: this.id(), action: 'evened', ...request, service: 'gateway', atUs: this.nowUs() };
    await this.bus.streams.append(subjects.audit(), encodeJson(entry), { id: entry.id });
    return entry;
  }

  private async askRisk<Reply>(
    subject: string, request: object, schema: z.ZodType<Reply>, doing: string, without: string, before: string,
  ): Promise<Reply> {
    let bytes: Uint8Array;
    try {
      bytes = (await this.bus.request(subject, encodeJson(request), { timeoutMs: RISK_TIMEOUT_MS })).bytes;
    } catch (error) {
      if (!(error instanceof ParallaxError)) throw error;
      if (error.code === 'BUS_NO_RESPONDER') {
        throw new Problem(503, 'SERVICE_MISSING', `${doing} needs the risk service, and it is not there; ${without}`);
      }
      if (error.code === 'BUS_TIMEOUT') {
        throw new Problem(504, 'BUS_TIMEOUT', `the risk service did not answer in time; ${before} before asking again`);
      }
      throw error;
    }
    return decodeJson(schema, bytes);
  }

  private tellRisk(request: HaltRequest): boolean {
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
