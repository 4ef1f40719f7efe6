import type { ErrorCode } from '@parallax/types';

/** Codes that only HTTP answers have, beside those of ParallaxError, and what they mean. */
export const HTTP_CODES = {
  NOT_FOUND: 'there is nothing at this address',
  PLAN_UNKNOWN: 'the account has no such plan',
  UNAUTHORISED: 'the request has no API key, or one that is not known',
  NO_API_KEY: 'no API key is configured, so nobody is let in',
  TOO_MANY_WRONG_KEYS: 'too many wrong keys came from this address: wait',
  HOST_REFUSED: 'the host that the request names is not one of those allowed',
  ORIGIN_REFUSED: 'pages of this origin may not use the gateway',
  METHOD_REFUSED: 'this address does not answer this method',
  MEDIA_TYPE_REFUSED: 'the body is not JSON',
  BODY_TOO_LARGE: 'the body is larger than is read',
  HEADERS_TOO_LARGE: 'the headers are larger than are read',
  REQUEST_TIMEOUT: 'the request did not come whole in time',
  TOO_MANY_READERS: 'too many read the stream already',
} as const;

export type PublicCode = ErrorCode | keyof typeof HTTP_CODES;

/** The one form of every error that a process answers over HTTP. */
export interface ProblemBody {
  readonly error: {
    readonly code: string;
    /** A sentence for people. */
    readonly message: string;
    /** What it is about: a field, several between commas, a header, or `$` for the whole body; null: none of these. */
    readonly place: string | null;
  };
}

/** An answer that is an error: what a caller sees is exactly this. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: PublicCode,
    message: string,
    readonly place: string | null = null,
    /** Of the answer, beside its type. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'Problem';
  }

  get body(): ProblemBody {
    const { code, message, place } = this;
    return { error: { code, message, place } };
  }
}
