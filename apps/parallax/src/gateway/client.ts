import { ParallaxError, type HttpClient } from '@parallax/types';
import { decodeJson } from '@parallax/wire';
import { z } from 'zod';
import { problemOf } from './refusal.js';

const TIMEOUT_MS = 5_000;
/** The most that the gateway gives in one answer. */
const PAGE = 1_000;

type Filter = Readonly<Record<string, string | undefined>>;

/**
 * The answer of a running gateway, checked. @throws ParallaxError `SERVICE_MISSING` when none answers, or what answers is none;
 * `CONFIG_REFUSED`, of `http`, when it wants a key, or another one.
 */
export async function askGateway<T>(http: HttpClient, gateway: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const url = `${gateway.replace(/\/+$/, '')}${path}`;
  const reply = await http.get(url, { timeoutMs: TIMEOUT_MS }).catch((cause: Error) => {
    if (cause instanceof ParallaxError && cause.code === 'CONFIG_REFUSED') throw cause;
    throw new ParallaxError('SERVICE_MISSING', `no gateway answers at ${gateway}: start the system, or name another gateway by --gateway`, { cause });
  });
  if (reply.status !== 200) {
    const said = problemOf(reply);
    throw new ParallaxError('SERVICE_MISSING', `${url} answered ${reply.status}${said === null ? '' : `: ${said.message}`}`);
  }
  try {
    return decodeJson(schema, reply.body);
  } catch (cause) {
    throw new ParallaxError('SERVICE_MISSING', `${url} does not answer as a gateway does: ${(cause as Error).message}`, { cause });
  }
}

/** One of the gateway's lists, page by page in its order, `limit` entries in all. @throws ParallaxError `SERVICE_MISSING`. */
export async function* pagesFromGateway<T>(
  http: HttpClient, gateway: string, path: string, filter: Filter, schema: z.ZodType<T>, limit = Infinity,
): AsyncGenerator<readonly T[], void> {
  const page = z.object({ data: z.array(schema), cursor: z.string().nullable() });
  let cursor: string | null = null;
  let left = limit;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE, left)) });
    for (const [name, value] of Object.entries({ ...filter, cursor: cursor ?? undefined })) if (value !== undefined) query.set(name, value);
    const answer: z.infer<typeof page> = await askGateway(http, gateway, `${path}?${query.toString()}`, page);
    yield answer.data;
    left -= answer.data.length;
    ({ cursor } = answer);
  } while (cursor !== null && left > 0);
}

/** The first `limit` of one of the gateway's lists, in its order. @throws ParallaxError `SERVICE_MISSING`. */
export async function listFromGateway<T>(
  http: HttpClient, gateway: string, path: string, filter: Filter, schema: z.ZodType<T>, limit: number,
): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pagesFromGateway(http, gateway, path, filter, schema, limit)) found.push(...page);
  return found;
}
