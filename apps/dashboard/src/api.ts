import type { DeadLetter } from '@parallax/types';
import type { Book } from './entities.js';
import { Session } from './session.js';

const meta = (name: string): string | null => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null;

export const session = new Session(sessionStorage);
let onKeyWanted: (why: string | null) => void = () => {};
/** Whether the gateway asked for a key: without one nothing more is asked of it. */
let isKeyWanted = false;

/** `listener` is called whenever the gateway wants another key than it got; null: it got none. */
export function whenKeyIsWanted(listener: (why: string | null) => void): void {
  onKeyWanted = listener;
}

/** Who asks waits no longer: the gateway gives up itself before. */
const LIMIT_MS = 10_000;

/** Nothing came back in time. */
class Unanswered extends Error {}

/** The gateway wants another key than it got. */
class KeyWanted extends Error {}

/** @throws Error with a sentence for people. */
async function call<T>(path: string, request: RequestInit = {}): Promise<T> {
  const { key } = session;
  if (isKeyWanted && key === null) throw new KeyWanted('The gateway asks for an API key.');
  const signal = AbortSignal.timeout(LIMIT_MS);
  // A connection may break without a word: an answer, or its end, may never come.
  const unanswered = (error: unknown): never => {
    throw signal.aborted ? new Unanswered(`The gateway has not answered within ${LIMIT_MS / 1_000} s; whether it did what was asked is not known.`) : error;
  };
  const answer = await fetch(path, { ...request, headers: { ...request.headers, ...session.headers() }, signal }).catch(unanswered);
  const body = await answer.json().catch((error: unknown) => (signal.aborted ? unanswered(error) : null));
  if (answer.ok) return body as T;
  const { code, message, place } = body?.error ?? {};
  if (answer.status === 401 && place === 'x-parallax-token') throw new Error('The gateway has been restarted since; reload the page and try again.');
  if (answer.status === 401 || place === 'x-api-key') throw refusal(key, code, message);
  throw new Error(message ?? `the gateway answered ${answer.status}`);
}

/** A wrong key is not sent again: the gateway counts them. */
function refusal(key: string | null, code: string, message: string): KeyWanted {
  isKeyWanted = true;
  // Another call may have brought a new key meanwhile.
  if (key !== null && session.key === key) session.forget();
  const why = code === 'UNAUTHORISED' ? (key === null ? null : 'The gateway does not take this key.') : message;
  onKeyWanted(why);
  return new KeyWanted(why ?? 'The gateway asks for an API key.');
}

/** Whether the gateway lets this page in; null: it does not answer. Where it wants a key, that is told. */
export async function isLetIn(): Promise<boolean | null> {
  try {
    await call('/api/v1/system');
    return true;
  } catch (error) {
    return error instanceof TypeError || error instanceof Unanswered ? null : !(error instanceof KeyWanted);
  }
}

/** Halts or resumes trading. @throws Error with a sentence for people. */
export async function control(action: 'halt' | 'resume', who: string, why: string): Promise<void> {
  const token = meta('parallax-token');
  await call(`/api/v1/risk/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { 'x-parallax-token': token }) },
    body: JSON.stringify({ who, why }),
  });
}

export async function book(venue: string, symbol: string, depth: number): Promise<Book> {
  const query = new URLSearchParams({ venue, symbol, depth: String(depth) });
  return (await call<{ data: Book }>(`/api/v1/book?${query}`)).data;
}

/** The newest frames that could not be read, newest first. */
export async function deadLetters(limit: number): Promise<DeadLetter[]> {
  return (await call<{ data: DeadLetter[] }>(`/api/v1/dead-letters?limit=${limit}`)).data;
}
