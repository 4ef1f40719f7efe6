import { ParallaxError } from '@parallax/types';
import { linesOf } from './lines.js';

/** What the first lines of a file tell. */
export interface RecordingHead {
  readonly format: 'cryptofeed' | 'timestamped';
  readonly firstLine: string;
  /** The first line that belongs to the format. */
  readonly sample: string;
}

/** Lines that are looked at before a file is given up as no recording. */
const LINES_TO_TELL = 100;

/** @throws ParallaxError `RECORDING_REFUSED` for a file that is empty or of neither format. */
export async function readHead(file: string): Promise<RecordingHead> {
  let firstLine = '';
  let lines = 0;
  try {
    for await (const { bytes } of linesOf(file)) {
      const line = bytes.toString();
      if (++lines === 1) firstLine = line;
      const format = formatOf(line);
      if (format !== undefined) return { format, firstLine, sample: line };
      if (lines === LINES_TO_TELL) break;
    }
  } catch (error) {
    if (error instanceof ParallaxError) throw error;
    throw refused(file, `cannot be unpacked: ${(error as Error).message}`, lines + 1);
  }
  if (lines === 0) throw refused(file, 'is empty', 1);
  throw refused(file, 'is no recording: none of its first lines is "<time> <json>" or a JSON object with "t"', 1);
}

function formatOf(line: string): RecordingHead['format'] | undefined {
  if (/^\{"t": ?"/.test(line)) return 'cryptofeed';
  if (/^\d{10,19} /.test(line)) return 'timestamped';
  return undefined;
}

const refused = (file: string, reason: string, line: number): ParallaxError =>
  new ParallaxError('RECORDING_REFUSED', `${file} ${reason}`, { place: `${file}:${line}` });
