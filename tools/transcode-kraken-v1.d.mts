/** A line of a recording, see captures/FORMAT.md. */
export interface RecordedLine {
  readonly t: string;
  readonly conn?: string;
  readonly ts?: number;
  readonly url?: string;
  readonly addr?: string;
  readonly data?: string;
  readonly derived?: string;
}
export function numberText(text: string): string;
export function timeText(seconds: string): string;
export function frameText(text: string, ids: Map<string, number>): string;
export function transcode(records: readonly RecordedLine[]): Generator<RecordedLine>;
export function recordsOf(path: string): RecordedLine[];
