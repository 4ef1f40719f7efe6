import type { ErrorCode } from '@parallax/types';

/** Codes that only HTTP answers have, beside those of ParallaxError. */
export type PublicCode =
  | ErrorCode | 'NOT_FOUND' | 'UNAUTHORISED' | 'NO_API_KEY' | 'HOST_REFUSED' | 'ORIGIN_REFUSED' | 'METHOD_REFUSED' | 'REQUEST_TIMEOUT' | 'BODY_TOO_LARGE'
  | 'MEDIA_TYPE_REFUSED' | 'HEADERS_TOO_LARGE' | 'TOO_MANY_WRONG_KEYS' | 'TOO_MANY_READERS' | (string & {});

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
