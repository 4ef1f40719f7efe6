/** One frame as the venue sent it; bytes where the venue sent a binary frame. */
export interface TapeFrame {
  readonly atUs: number;
  readonly data: string | Buffer;
}

/** One recorded connection: frames in the order in which they came. */
export interface TapeLane {
  readonly id: string;
  /** Path of the address that was connected to; null where the recording does not say. */
  readonly path: string | null;
  readonly frames: TapeFrame[];
}

/** One recorded REST answer. */
export interface TapeAnswer {
  readonly atUs: number;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly text: string;
}

export interface Tape {
  readonly venue: string;
  readonly lanes: readonly TapeLane[];
  readonly answers: readonly TapeAnswer[];
}
