import { ParallaxError } from '@parallax/types';
import { linesOf } from './lines.js';

/** What the first lines of a file tell. */
export interface RecordingHead {
  readonly format: 'cryptofeed' | 'timestamped';
  readonly firstLine: string;
  /** The name of the first combined stream, such as `btcusdt@depth`; empty where none of the first lines is of one. */
  readonly stream: string;
}

/** Lines that are looked at before a file is given up as no recording. */
const LINES_TO_TELL = 100;
const STREAM = /^\d+ \{"stream": ?"([^"]+)"/;

/** @throws ParallaxError `RECORDING_REFUSED` for a file that is empty or of neither format. */
export async function readHead(file: string): Promise<RecordingHead> {
  let firstLine = '';
  let format: RecordingHead['format'] | undefined;
  let stream = '';
  let lines = 0;
  try {
    for await (const { bytes } of linesOf(file)) {
      const line = bytes.toString();
      if (++lines === 1) firstLine = line;
      format ??= formatOf(line);
      stream = STREAM.exec(line)?.[1] ?? '';
      // The first line may be a snapshot, which need not say of what it is.
      if (format === 'cryptofeed' || (format !== undefined && stream !== '') || lines === LINES_TO_TELL) break;
    }
  } catch (error) {
    if (error instanceof ParallaxError) throw error;
    // What follows the lines that tell the format is for the reader to complain of.
    if (format === undefined) throw refused(file, `cannot be unpacked: ${(error as Error).message}`, lines + 1);
  }
  if (format !== undefined) return { format, firstLine, stream };
  if (lines === 0) throw refused(file, 'is empty');
  throw refused(file, 'is no recording: none of its first lines is "<time> <json>" or a JSON object with "t"');
}

function formatOf(line: string): RecordingHead['format'] | undefined {
  if (/^\{"t": ?"/.test(line)) return 'cryptofeed';
  if (/^\d{10,19} /.test(line)) return 'timestamped';
  return undefined;
}

const refused = (file: string, reason: string, line?: number): ParallaxError =>
  new ParallaxError('RECORDING_REFUSED', `${file} ${reason}`, { place: line === undefined ? file : `${file}:${line}` });
