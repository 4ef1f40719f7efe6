import type { DeadLetter } from '@parallax/types';
import type { Book } from './entities.js';

const meta = (name: string): string | null => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null;

export const needsKey = (): boolean => meta('parallax-key') !== null;

async function answerOf<T>(answer: Response): Promise<T> {
  const body = await answer.json().catch(() => null);
  if (answer.ok) return body as T;
  const said = body?.error?.message ?? `the gateway answered ${answer.status}`;
  if (answer.status === 401 && !needsKey()) throw new Error('The gateway has been restarted since; reload the page and try again.');
  throw new Error(said);
}

/** Halts or resumes trading. @throws Error with a sentence for people. */
export async function control(action: 'halt' | 'resume', who: string, why: string, key: string): Promise<void> {
  const token = meta('parallax-token');
  const right: Record<string, string> = needsKey() ? { 'x-api-key': key } : { 'x-parallax-token': token ?? '' };
  const answer = await fetch(`/api/v1/risk/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...right },
    body: JSON.stringify({ who, why }),
  });
  await answerOf(answer);
}

export async function book(venue: string, symbol: string, depth: number): Promise<Book> {
  const query = new URLSearchParams({ venue, symbol, depth: String(depth) });
  return (await answerOf<{ data: Book }>(await fetch(`/api/v1/book?${query}`))).data;
}

/** The newest frames that could not be read, newest first. */
export async function deadLetters(limit: number): Promise<DeadLetter[]> {
  return (await answerOf<{ data: DeadLetter[] }>(await fetch(`/api/v1/dead-letters?limit=${limit}`))).data;
}
