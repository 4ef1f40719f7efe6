import type { LastValues } from '@parallax/types';

/** Last values with an end: who opens them closes them, after everybody who uses them has stopped. */
export interface OpenLastValues extends LastValues {
  /** Writes what is not written yet, within a second, and lets go of the connection. Never rejects. */
  close(): Promise<void>;
}
