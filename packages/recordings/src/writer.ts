import { isUtf8 } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { fileFaultText, ParallaxError } from '@parallax/types';
import { headerNameOf } from './name.js';

/** What the header says of a capture. */
export interface CaptureHeader {
  /** ccxt's id. */
  readonly venue: string;
  /** Unified symbols by feed. */
  readonly config: Readonly<Record<string, readonly string[]>>;
  readonly recordedAtUs: number;
}

/**
 * Writes a capture: JSON lines of format 2 (header, http, connect, send, recv), as {@link readRecording} reads them; gzip
 * where the name ends in `.gz`. Texts are written as they came, to the byte; frames that are no UTF-8 as base64.
 */
export class CaptureWriter {
  /** Bytes written before packing. */
  bytes = 0;
  private readonly sink: NodeJS.WritableStream;
  private readonly done: Promise<void>;
  private failure: Error | undefined;

  /** The file must not exist yet: what was recorded once is not written over. */
  constructor(readonly file: string, { venue, config, recordedAtUs }: CaptureHeader) {
    const output = createWriteStream(file, { flags: 'wx' });
    if (file.endsWith('.gz')) {
      const gzip = createGzip();
      gzip.pipe(output);
      this.sink = gzip;
    } else {
      this.sink = output;
    }
    this.done = finished(output).catch((error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EEXIST' ? 'exists already' : `cannot be written: ${fileFaultText(error)}`;
      this.failure = new ParallaxError('INPUT_REFUSED', `${file} ${reason}`, { place: '--out' });
    });
    const recorded = recordedAtUs / 1e6;
    this.write({ t: 'header', format: 2, exchange: headerNameOf(venue), venue, config, recorded });
  }

  http(conn: string, atUs: number, url: string, body: Uint8Array): void {
    this.write({ t: 'http', conn, ts: atUs / 1e6, url, ...content(body) });
  }

  connect(conn: string, atUs: number, addr: string): void {
    this.write({ t: 'connect', conn, ts: atUs / 1e6, addr });
  }

  send(conn: string, atUs: number, addr: string, data: string): void {
    this.write({ t: 'send', conn, ts: atUs / 1e6, addr, data });
  }

  receive(conn: string, atUs: number, frame: Uint8Array): void {
    this.write({ t: 'recv', conn, ts: atUs / 1e6, ...content(frame) });
  }

  /** @throws ParallaxError once the file cannot be written. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    this.sink.end();
    await this.done;
    this.check();
  }

  private write(entry: object): void {
    const line = `${JSON.stringify(entry)}\n`;
    this.bytes += line.length;
    this.sink.write(line);
  }
}

function content(bytes: Uint8Array): { data: string } | { b64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? { data: buffer.toString() } : { b64: buffer.toString('base64') };
}
