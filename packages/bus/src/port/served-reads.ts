import type { Bus, StoredMessage } from '../bus.js';
import type { Fields } from './fields.js';
import { oneTooMany, type PlainStored } from './protocol.js';
import { plainStored } from './served-consumers.js';

const MOST_READS = 256;
/** So much of a stream is sent at a time. */
const PAGE_MESSAGES = 256;
const PAGE_BYTES = 512 * 1_024;

export interface Page {
  readonly messages: readonly PlainStored[];
  readonly done: boolean;
}

/** Reads of streams by the using side, page by page as it asks for them. */
export class ServedReads {
  private readonly reads = new Map<number, AsyncIterator<StoredMessage>>();

  constructor(private readonly bus: Bus) {}

  /** The first page. */
  read(fields: Fields): Promise<Page> {
    const id = fields.whole('id');
    if (this.reads.size >= MOST_READS || this.reads.has(id)) return Promise.reject(oneTooMany('reads', MOST_READS));
    const [subject, fromSequence, limit, newest] = [
      fields.optionalText('subject'), fields.optionalWhole('fromSequence'), fields.optionalWhole('limit'), fields.optionalWhole('newest'),
    ];
    const read = this.bus.streams.read(fields.text('stream'), {
      ...(subject === undefined ? {} : { subject }), ...(fromSequence === undefined ? {} : { fromSequence }),
      ...(limit === undefined ? {} : { limit }), ...(newest === undefined ? {} : { newest }),
    });
    this.reads.set(id, read[Symbol.asyncIterator]());
    return this.next(id);
  }

  async next(id: number): Promise<Page> {
    const read = this.reads.get(id);
    if (read === undefined) return { messages: [], done: true };
    const messages: PlainStored[] = [];
    let bytes = 0;
    try {
      while (messages.length < PAGE_MESSAGES && bytes < PAGE_BYTES) {
        const { value, done } = await read.next();
        if (done === true) {
          this.reads.delete(id);
          return { messages, done };
        }
        bytes += value.bytes.length;
        messages.push(plainStored(value));
      }
      return { messages, done: false };
    } catch (error) {
      this.reads.delete(id);
      throw error;
    }
  }

  leave(id: number): void {
    const read = this.reads.get(id);
    this.reads.delete(id);
    // What it throws at its end is of a read that nobody waits for.
    read?.return?.().catch(() => {});
  }

  close(): void {
    for (const id of this.reads.keys()) this.leave(id);
  }
}
