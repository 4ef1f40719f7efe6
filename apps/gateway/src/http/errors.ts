import type { ProblemBody } from '@parallax/service-host';
import { z } from 'zod';
import type { Route } from './routes.js';

/** The one form of every error. */
export const errorView = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string().meta({ description: 'a sentence for people' }),
      place: z.string().nullable().meta({ description: 'a field, several between commas, a header, or $ for the whole body; null: none of these' }),
    }),
  })
  .meta({ id: 'Error' }) satisfies z.ZodType<ProblemBody>;

/** What each status of an error means here. */
export const REASONS: Readonly<Record<number, string>> = {
  400: 'a field, a cursor or the body is wrong, or what came is no HTTP; `place` names it',
  401: 'the API key is missing or wrong, or none is left; where none is needed and something is to change, the token of this start',
  403: 'a page of another origin asks',
  404: 'what it names is not known; at any other address: there is nothing',
  405: 'the address is not asked in this way; `allow` says in which',
  408: 'the request did not come whole in time',
  409: 'risk declined, or another changed the same at the same moment',
  413: 'the body is too large',
  415: 'the body is no application/json',
  421: 'the Host is none of those that are allowed',
  429: 'too many wrong keys came from this address; `retry-after` says for how long they are answered slowly',
  431: 'the headers are too large',
  500: 'a fault of the gateway, which its log has',
  503: 'a service that this needs is not there, or something could not be stored or read',
  504: 'a service did not answer in time',
};

/** What any request may be answered that is read at all. */
const OF_ALL = [400, 408, 431];
/** What stands before the API: key, Host and Origin; and what may fail behind it. */
const OF_API = [401, 403, 421, 429, 500];
const OF_BODIES = [413, 415];

/** Every error that an operation may answer. */
export function errorsOf({ path, body, errors = [] }: Route): number[] {
  const all = [...OF_ALL, ...(path.startsWith('/api/') ? OF_API : []), ...(body === undefined ? [] : OF_BODIES), ...errors];
  return [...new Set(all)].toSorted((one, other) => one - other);
}
