import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { ParallaxError } from '@parallax/types';
import { unpack } from './gzip.js';

/** One line of a file, without its end. */
export interface FileLine {
  readonly bytes: Buffer;
  /** False for a last line without a line end: it may be whole or cut. */
  readonly ended: boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a plain or gzip file; which of them it is, its first bytes tell, not its name. A gzip that ends early or
 * went bad gives every whole line that could be unpacked, then throws zlib's error; the line that was cut is left out.
 * @throws ParallaxError `RECORDING_REFUSED` for what cannot be opened or is no file.
 */
export async function* linesOf(file: string): AsyncGenerator<FileLine> {
  const pieces: AsyncIterable<Buffer> = (await isGzip(file)) ? unpack(createReadStream(file)) : createReadStream(file);
  let begun: Buffer[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, from)) {
      const end = piece.subarray(from, at);
      yield { bytes: withoutReturn(begun.length === 0 ? end : Buffer.concat([...begun, end])), ended: true };
      begun = [];
      from = at + 1;
    }
    if (from < piece.length) begun.push(piece.subarray(from));
  }
  if (begun.length > 0) yield { bytes: withoutReturn(Buffer.concat(begun)), ended: false };
}

function withoutReturn(line: Buffer): Buffer {
  return line[line.length - 1] === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'does not exist' : `cannot be opened: ${error.code ?? error.message}`;
    throw new ParallaxError('RECORDING_REFUSED', `${file} ${reason}`, { place: file });
  });
  try {
    if ((await handle.stat()).isDirectory()) {
      throw new ParallaxError('RECORDING_REFUSED', `${file} is a folder, not a recording`, { place: file });
    }
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}
