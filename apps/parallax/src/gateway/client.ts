import { ParallaxError, type HttpClient } from '@parallax/types';
import { decodeJson } from '@parallax/wire';
import { z } from 'zod';

const TIMEOUT_MS = 5_000;
/** The most that the gateway gives in one answer. */
const PAGE = 1_000;

/** The answer of a running gateway, checked. @throws ParallaxError `SERVICE_MISSING` when none answers. */
export async function askGateway<T>(http: HttpClient, gateway: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const url = `${gateway.replace(/\/+$/, '')}${path}`;
  const reply = await http.get(url, { timeoutMs: TIMEOUT_MS }).catch((error: Error) => {
    throw new ParallaxError('SERVICE_MISSING', `no gateway answers at ${gateway}: start the system, or say --gateway or NATS_URL`, { cause: error });
  });
  if (reply.status !== 200) throw new ParallaxError('SERVICE_MISSING', `${url} answered ${reply.status}`);
  return decodeJson(schema, reply.body);
}

/** The first `limit` of one of the gateway's lists, in its order. @throws ParallaxError `SERVICE_MISSING`. */
export async function listFromGateway<T>(
  http: HttpClient, gateway: string, path: string, filter: Readonly<Record<string, string | undefined>>, schema: z.ZodType<T>, limit: number,
): Promise<T[]> {
  const page = z.object({ data: z.array(schema), cursor: z.string().nullable() });
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE, limit - found.length)) });
    for (const [name, value] of Object.entries({ ...filter, cursor: cursor ?? undefined })) if (value !== undefined) query.set(name, value);
    const answer: z.infer<typeof page> = await askGateway(http, gateway, `${path}?${query.toString()}`, page);
    found.push(...answer.data);
    ({ cursor } = answer);
  } while (cursor !== null && found.length < limit);
  return found;
}
