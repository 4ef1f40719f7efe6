import { ParallaxError } from '@parallax/types';
import type { Headers } from './bus.js';
import { isPattern, isSubject } from './subject-match.js';

/** The errors of the port, made in one place so that all transports speak alike. */
export const closed = (): ParallaxError =>
  new ParallaxError('BUS_CLOSED', 'the bus is closed or draining; nothing can be sent any more');

export const refused = (what: string, cause?: unknown): ParallaxError =>
  new ParallaxError('BUS_REFUSED', `${what}: this user has no such permission`, { cause });

/** `who` should have answered; left out: whoever listens there. */
export const timedOut = (what: string, timeoutMs: number, who?: string): ParallaxError =>
  new ParallaxError('BUS_TIMEOUT', `${what}: no answer${who === undefined ? '' : ` from ${who}`} within ${timeoutMs} ms`, {
    retryable: true,
    outcomeUnknown: true,
  });

export const noResponder = (subject: string): ParallaxError =>
  new ParallaxError('BUS_NO_RESPONDER', `nobody listens on "${subject}"`, { retryable: true });

export const noStream = (subject: string): ParallaxError =>
  new ParallaxError('BUS_NO_RESPONDER', `no stream holds "${subject}"; has this bus been provisioned?`, {
    retryable: true,
  });

export const conflict = (what: string): ParallaxError =>
  new ParallaxError('STATE_CONFLICT', `${what} was changed by somebody else`);

export const missing = (what: string): ParallaxError =>
  new ParallaxError('SERVICE_MISSING', `${what} does not exist; has this bus been provisioned?`);

export const tooLarge = (subject: string, bytes: number, limit: number): ParallaxError =>
  new ParallaxError('BUS_REFUSED', `a message of ${bytes} bytes for "${subject}" is over the limit of ${limit} bytes`, {
    place: subject,
  });

/** The request was heard and may have been acted on; only what it was answered cannot travel. */
export const answerTooLarge = (subject: string, bytes: number, limit: number): ParallaxError =>
  new ParallaxError('BUS_REFUSED', `an answer of ${bytes} bytes to "${subject}" is over the limit of ${limit} bytes`, {
    place: subject,
    outcomeUnknown: true,
  });

const refusedInput = (message: string, place: string): ParallaxError =>
  new ParallaxError('INPUT_REFUSED', message, { place });

export function checkPattern(pattern: string): void {
  if (!isPattern(pattern)) throw refusedInput(`"${pattern}" is no pattern of subjects`, pattern);
}

const HEADER_NAME = /^[!-9;-~]+$/;
const LINE_BREAK = /[\r\n]/;

/** What may be sent: a subject without wildcards, and headers that fit on a line each. */
export function checkMessage(subject: string, headers?: Headers): void {
  if (!isSubject(subject)) throw refusedInput(`"${subject}" is no subject`, subject);
  if (headers === undefined) return;
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name) || LINE_BREAK.test(value)) throw refusedInput(`header "${name}" is not valid`, name);
  }
}

const KEY = /^[-/=.\w]+$/;

/** Keys of shared state are subjects' tails of letters, digits and `-_/=.`, as in NATS KV (ADR-8). */
export function checkKey(key: string): void {
  if (!KEY.test(key) || !isSubject(key)) throw refusedInput(`"${key}" is no key of shared state`, key);
}
