import { ParallaxError, type HttpReply } from '@parallax/types';
import { decodeJson } from '@parallax/wire';
import { z } from 'zod';

const problemSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** How a command came by the key that it sends. */
export interface GivenKeys {
  readonly keys: number;
  /** The file that they are in; null: the variable itself, or none. */
  readonly file: string | null;
}

/** Why the gateway let the command not in, with what would help; null where it did. */
export function refusalOf(reply: HttpReply, gateway: string, given: GivenKeys): ParallaxError | null {
  if (reply.status !== 401 && reply.status !== 429) return null;
  const place = given.file === null ? 'PARALLAX_API_KEY' : 'PARALLAX_API_KEY_FILE';
  return new ParallaxError('CONFIG_REFUSED', `the gateway at ${gateway} ${reasonOf(problemOf(reply)?.code, given)}`, { place });
}

function reasonOf(code: string | undefined, { keys, file }: GivenKeys): string {
  if (code === 'NO_API_KEY') return 'lets nobody in: no API key is configured there any more. Configure one there first; no key of this command can help';
  if (keys === 0) return 'wants an API key: set PARALLAX_API_KEY, or PARALLAX_API_KEY_FILE, to one of its keys';
  const which = file === null ? 'the API key that PARALLAX_API_KEY holds' : `the API key in ${file}, which PARALLAX_API_KEY_FILE names`;
  const first = keys > 1 ? `, the first of ${keys} there` : '';
  const slowed = code === 'TOO_MANY_WRONG_KEYS' ? '. Too many wrong ones came from this machine, so each is answered slowly now' : '';
  return `refused ${which}${first}: it is none of the gateway’s keys, or none any more; put one of them there${slowed}`;
}

/** What a gateway says of a request that it does not serve; null where the answer is none of a gateway. */
export function problemOf({ body }: HttpReply): { readonly code: string; readonly message: string } | null {
  try {
    return decodeJson(problemSchema, body).error;
  } catch {
    return null;
  }
}
