import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServiceName } from '@parallax/types';
import type { Outage } from './outage.js';
import type { SpanRecord, SpanStore } from './span-writer.js';

/** A span as it lies in a file, one JSON object a line. */
export interface StoredSpan extends SpanRecord {
  readonly service: ServiceName;
}

export interface SpanFilesOptions {
  /** Made when the first span comes. */
  readonly directory: string;
  /** Names the files of this process among those of others: letters, digits, `.`, `_`, `-`. */
  readonly instance: string;
  /** Bytes after which a new file begins. */
  readonly fileBytes?: number;
  /** Files of all processes together; the oldest go first. */
  readonly files?: number;
  /** Spans that may wait for the disk; beyond it they are dropped and counted. */
  readonly waiting?: number;
  /** Told whether the disk takes them. */
  readonly outage?: Outage | undefined;
}

/** The local store's directory below the process's state. */
export const TRACES = 'traces';
const ENDING = '.spans.jsonl';

/**
 * Keeps the spans of recent traces on disk where no collector runs. Its size is bounded: at most `files` files of about
 * `fileBytes` each. Files of one directory may be written by several processes. A disk that fails costs spans, nothing else.
 */
export class SpanFiles implements SpanStore {
  dropped = 0;
  private readonly options: SpanFilesOptions & Required<Omit<SpanFilesOptions, 'outage'>>;
  private waiting: string[] = [];
  private writing: Promise<void> | null = null;
  private number = 0;
  private size = Number.POSITIVE_INFINITY;

  constructor(options: SpanFilesOptions) {
    this.options = { fileBytes: 4 * 2 ** 20, files: 16, waiting: 8192, ...options };
  }

  add(service: ServiceName, record: SpanRecord): void {
    if (this.waiting.length >= this.options.waiting) {
      this.dropped++;
      this.options.outage?.failed('more spans wait than may', 1);
      return;
    }
    this.waiting.push(`${JSON.stringify({ service, ...record })}\n`);
    this.writing ??= this.write();
  }

  /** Resolves when everything so far is written or given up. */
  async flush(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    // Spans come in bursts: what the caller adds in the same turn goes out together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const lines = this.waiting;
      this.waiting = [];
      try {
        await this.append(lines.join(''));
        this.options.outage?.worked();
      } catch (error) {
        this.dropped += lines.length;
        this.options.outage?.failed((error as Error).message, lines.length);
        // The directory may have been taken away: the next try makes it anew.
        this.size = Number.POSITIVE_INFINITY;
      }
    }
    this.writing = null;
  }

  private async append(text: string): Promise<void> {
    const { directory, fileBytes } = this.options;
    if (this.size >= fileBytes) await this.rotate();
    await appendFile(join(directory, this.name(this.number)), text);
    this.size += Buffer.byteLength(text);
  }

  private async rotate(): Promise<void> {
    const { directory, files } = this.options;
    await mkdir(directory, { recursive: true });
    const found = (await readdir(directory)).filter((name) => name.endsWith(ENDING)).sort();
    // Names begin with a number that grows over all processes, so that their order is that of their age.
    this.number = 1 + Math.max(0, ...found.map((name) => Number.parseInt(name, 10) || 0));
    this.size = 0;
    for (const name of found.slice(0, Math.max(0, found.length - files + 1))) await rm(join(directory, name), { force: true });
  }

  private name(number: number): string {
    return `${String(number).padStart(10, '0')}-${this.options.instance.replaceAll(/[^\w.-]/g, '_')}${ENDING}`;
  }
}

/** The spans of one trace from the files of a directory, in no particular order; a torn line is passed over. */
export function readTrace(directory: string, traceId: string): Promise<StoredSpan[]> {
  return readSpans(directory, traceId, (span) => span.traceId === traceId);
}

/** Those of the stored spans that are wanted; only lines that hold `text` are parsed. */
export async function readSpans(directory: string, text: string, wanted: (span: StoredSpan) => boolean): Promise<StoredSpan[]> {
  const names = await readdir(directory).catch(() => []);
  const found = new Map<string, StoredSpan>();
  for (const name of names.filter((one) => one.endsWith(ENDING)).sort()) {
    const lines = createInterface({ input: createReadStream(join(directory, name)), crlfDelay: Infinity });
    for await (const line of lines) {
      const span = line.includes(text) ? parsed(line) : null;
      if (span && wanted(span)) found.set(span.spanId, span);
    }
  }
  return [...found.values()];
}

function parsed(line: string): StoredSpan | null {
  try {
    return JSON.parse(line) as StoredSpan;
  } catch {
    return null;
  }
}
