import type { Bus } from '@parallax/bus';
import type { Fill } from '@parallax/types';
import { decodeJson, fillSchema, STREAMS } from '@parallax/wire';
import type { Page } from '../core/collection.js';
import type { Log } from '../dependencies.js';
import { readBackwards } from './backwards.js';

/** So many fills are looked at for one page: where few of them are wanted it may be short, and its cursor leads on. */
const LOOKED_AT = 20_000;
const CURSOR = /^fills:([1-9]\d{0,15})$/;

/** All fills that there are, newest first: read from their stream, which keeps more of them than memory would. */
export class FillList {
  constructor(
    private readonly bus: Bus,
    private readonly log: Log,
  ) {}

  /** Null where the cursor is none of this list's. @throws ParallaxError where the stream cannot be read. */
  async page(filter: (fill: Fill) => boolean, limit: number, cursor?: string): Promise<Page<Fill> | null> {
    const before = cursor === undefined ? undefined : placeOf(cursor);
    if (before === null) return null;
    const data: Fill[] = [];
    let looked = 0;
    let last = before ?? 0;
    for await (const { bytes, sequence } of readBackwards(this.bus.streams, STREAMS.fills, before)) {
      if (data.length === limit || looked++ === LOOKED_AT) return { data, cursor: cursorOf(last) };
      last = sequence;
      const fill = this.read(bytes, sequence);
      if (fill && filter(fill)) data.push(fill);
    }
    return { data, cursor: null };
  }

  private read(bytes: Uint8Array, sequence: number): Fill | null {
    try {
      return decodeJson(fillSchema, bytes);
    } catch (error) {
      this.log.warn('a stored fill cannot be read', { sequence, reason: String(error) });
      return null;
    }
  }
}

const cursorOf = (sequence: number): string => Buffer.from(`fills:${sequence}`).toString('base64url');

function placeOf(cursor: string): number | null {
  const sequence = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  return sequence === undefined ? null : Number(sequence);
}
