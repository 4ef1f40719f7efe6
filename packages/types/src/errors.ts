/** Every stable error code. Nobody decides on an error by reading its text. */
export type ErrorCode =
  | 'NUMBER_REFUSED'
  | 'FRAME_REFUSED'
  | 'CONFIG_REFUSED'
  | 'INPUT_REFUSED'
  | 'RECORDING_REFUSED'
  | 'INSTRUMENT_UNKNOWN'
  | 'ACCOUNT_UNKNOWN'
  | 'VENUE_UNKNOWN'
  | 'VENUE_REFUSED'
  | 'VENUE_UNREACHABLE'
  | 'BUS_TIMEOUT'
  | 'BUS_NO_RESPONDER'
  | 'BUS_CLOSED'
  | 'BUS_REFUSED'
  | 'BUS_SERVER_TOO_OLD'
  | 'STATE_CONFLICT'
  | 'LEASE_LOST'
  | 'STORE_FAILED'
  | 'SERVICE_MISSING'
  | 'INTERNAL';

/** What a caller may do after the error, as fields. */
export interface ErrorVerdict {
  /** The same call may succeed later. */
  readonly retryable: boolean;
  /** Earliest sensible moment of the retry, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** The call may have had its effect; ask before repeating it. */
  readonly outcomeUnknown: boolean;
}

export interface ErrorDetails extends Partial<ErrorVerdict> {
  readonly venue?: string;
  /** The venue's own code. */
  readonly venueCode?: string;
  /** Where the fault is: a field's path, a byte offset, a file with its line. */
  readonly place?: string;
  readonly cause?: unknown;
}

/** The root of all errors that Parallax throws on purpose. */
export class ParallaxError extends Error implements ErrorVerdict {
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly outcomeUnknown: boolean;
  readonly venue?: string;
  readonly venueCode?: string;
  readonly place?: string;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ParallaxError';
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.venue = details.venue;
    this.venueCode = details.venueCode;
    this.place = details.place;
  }
}
