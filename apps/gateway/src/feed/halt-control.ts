import { decodeReply, type Bus } from '@parallax/bus';
import { Problem } from '@parallax/service-host';
import { ParallaxError, type AuditEntry, type EvenedRequest, type HaltRecord, type HaltReply, type HaltRequest, type ResumeRequest } from '@parallax/types';
import {
  accountsOfLimits, BUCKETS, checked, encodeJson, haltReplySchema, limitsReplySchema, refuseUnknownAccount, subjects, token,
  type LimitsReply, type LimitsRequest,
} from '@parallax/wire';
import { STATUS } from '../http/problem-filter.js';
import type { Log } from '../dependencies.js';
import type { PlanSearch } from './plan-search.js';

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
    /** Whether the account's limits are known here already. */
    private readonly isKnown: (account: string) => boolean,
    private readonly plans: PlanSearch,
  ) {}

  /**
   * `audited` is false when the record stands but its audit entry could not be stored. What is halted everywhere needs no
   * account; which there are is known without risk too. @throws ParallaxError `ACCOUNT_UNKNOWN`, `STORE_FAILED`.
   */
  async halt(request: HaltRequest): Promise<{ record: HaltRecord; audited: boolean }> {
    const { who, why, account } = request;
    await this.checkAccount(account);
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

  /** @throws Problem 404 for an account that there is not; 503 or 504 without risk: trading stays halted; 409 when risk declines. */
  async resume(request: ResumeRequest): Promise<HaltReply> {
    await this.checkAccount(request.account);
    const bytes = await this.askRisk(subjects.resume(), request, 'resuming', 'trading stays halted', 'look at the halt record');
    return checked(haltReplySchema, granted(bytes, 409));
  }

  /**
   * @throws Problem 404 for an account that there is not; 503 or 504 without risk; 400 for a limit that risk does not take, 409
   * where another changed it at the same moment, or risk declines otherwise.
   */
  async limits(request: LimitsRequest): Promise<LimitsReply> {
    await this.checkAccount(request.account);
    const bytes = await this.askRisk(subjects.limits(), request, 'changing limits', 'the limits stay as they are', 'look at the limits');
    return checked(limitsReplySchema, granted(bytes, 400));
  }

  /**
   * Keeps a person's word; monitoring hears it. @throws Problem 404 for an account or a plan that there is not; ParallaxError when it
   * cannot be looked for or stored.
   */
  async evened(request: EvenedRequest): Promise<AuditEntry> {
    const { account, plan } = request;
    await this.checkAccount(account);
    if (!(await this.plans.has(plan, account))) {
      throw new Problem(404, 'PLAN_UNKNOWN', `there is no plan "${plan}" of the account "${account}"; an alert of monitoring names its plan`, 'plan');
    }
    const entry: AuditEntry = { id: this.id(), action: 'evened', ...request, service: 'gateway', atUs: this.nowUs() };
    await this.bus.streams.append(subjects.audit(), encodeJson(entry), { id: entry.id });
    return entry;
  }

  /** Where the accounts cannot be read nobody is refused for it: a halt must not wait for that. */
  private async checkAccount(account: string | undefined): Promise<void> {
    if (account === undefined || this.isKnown(account)) return;
    let accounts: string[];
    try {
      accounts = accountsOfLimits(await this.bus.state(BUCKETS.limits).keys());
    } catch (error) {
      this.log.warn('which accounts there are could not be read', { account, reason: String(error) });
      return;
    }
    refuseUnknownAccount(account, accounts);
  }

  private async askRisk(subject: string, request: object, doing: string, without: string, before: string): Promise<Uint8Array> {
    try {
      return (await this.bus.request(subject, encodeJson(request), { timeoutMs: RISK_TIMEOUT_MS })).bytes;
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

/** What risk granted. @throws Problem with risk's own code: `refused` for a request that it does not take, 500 where it failed, else 409. */
function granted(bytes: Uint8Array, refused: 400 | 409): unknown {
  try {
    return decodeReply(bytes);
  } catch (error) {
    if (!(error instanceof ParallaxError)) throw error;
    const status = error.code === 'INPUT_REFUSED' ? refused : error.code === 'INTERNAL' ? 500 : (STATUS[error.code] ?? 409);
    throw new Problem(status, error.code, error.message, error.place);
  }
}
