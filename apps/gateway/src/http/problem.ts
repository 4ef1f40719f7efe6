import type { ErrorCode } from '@parallax/types';

/** Codes that only the public face gives, beside those of ParallaxError. */
export type PublicCode = ErrorCode | 'NOT_FOUND' | 'UNAUTHORISED' | 'HOST_REFUSED' | 'ORIGIN_REFUSED' | (string & {});

/** An answer that is an error: what a caller sees is exactly this. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: PublicCode,
    message: string,
    readonly field?: string,
  ) {
    super(message);
    this.name = 'Problem';
  }

  get body(): { error: { code: string; message: string; field?: string } } {
    const { code, message, field } = this;
    return { error: field === undefined ? { code, message } : { code, message, field } };
  }
}
