/** Every stable error code and what it means. Nobody decides on an error by reading its text. */
export const ERROR_CODES = {
  NUMBER_REFUSED: 'a text is no number, or not one that can be kept exactly',
  FRAME_REFUSED: 'a venue’s frame does not have the form that its protocol has',
  CONFIG_REFUSED: 'a setting (a variable, a file, an option) cannot be used as it stands',
  INPUT_REFUSED: 'a request, a message or its body does not have the form that is asked for',
  RECORDING_REFUSED: 'a recording cannot be read, or holds what no venue could have sent',
  INSTRUMENT_UNKNOWN: 'no such instrument is known at the venue',
  ACCOUNT_UNKNOWN: 'no such account is known',
  VENUE_UNKNOWN: 'no such venue is known',
  VENUE_REFUSED: 'a venue answered, and said no',
  VENUE_UNREACHABLE: 'a venue did not answer',
  BUS_TIMEOUT: 'no answer came over the bus in time: whether the request was acted on is not known',
  BUS_NO_RESPONDER: 'nobody answers this request: the service for it is not there',
  BUS_CLOSED: 'this side of the bus is closed',
  BUS_REFUSED: 'the bus does not take this: a right, a password or a size is against it',
  BUS_SERVER_TOO_OLD: 'the nats-server is older than the one that is needed',
  STATE_CONFLICT: 'somebody else changed this in the meantime: read it again, then ask again',
  LEASE_LOST: 'another instance acts now, and this one may not',
  STORE_FAILED: 'what had to be kept could not be written or read: a full disk, a missing right, a damaged file',
  SERVICE_MISSING: 'something that is needed is not there: a server, a service, a program',
  INTERNAL: 'a fault of Parallax itself; the log of the service has it',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

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
