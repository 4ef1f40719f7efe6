import { Column, HEADER_COLUMNS, marketRow, ParallaxError, ROW_VERSION, type MarketRowName, type Row, type RowKind } from '@parallax/types';

/**
 * Hot events on the wire are their rows as they lie in memory: little-endian float64 columns, so that encoding is a view
 * and decoding at most a copy. Layouts stand in packages/types rows.ts.
 */
const LITTLE_ENDIAN = new Uint8Array(new Float64Array([1]).buffer)[7] === 0x3f;
if (!LITTLE_ENDIAN) throw new ParallaxError('INTERNAL', 'hot rows need a little-endian machine');

/** The bytes of the first `columns` columns, without a copy. */
export function bytesOfRow(row: Row, columns: number): Uint8Array {
  return new Uint8Array(row.buffer, row.byteOffset, columns * 8);
}

/**
 * Reads rows from bytes that lie anywhere in memory. The row it returns is its own, reused at the next call, and may be
 * longer than the message: its counts say how far it goes.
 */
export class RowReader {
  private row = new Float64Array(256);
  private bytes = new Uint8Array(this.row.buffer);

  /** @throws ParallaxError `INPUT_REFUSED` for bytes that are no whole row of that name in this version. */
  market(bytes: Uint8Array, name: MarketRowName): Row {
    const { kind, columns, more } = marketRow(name);
    const row = this.read(bytes, kind);
    const has = bytes.byteLength / 8;
    const announced = has < columns ? columns : columns + (more?.(row) ?? 0);
    if (has !== announced) throw new ParallaxError('INPUT_REFUSED', `a ${name} row has ${announced} columns, this one ${has}`);
    return row;
  }

  /** @throws ParallaxError `INPUT_REFUSED` for bytes that are no row of `kind` in this version. */
  read(bytes: Uint8Array, kind: RowKind): Row {
    const columns = bytes.byteLength >>> 3;
    if (columns > this.row.length) {
      this.row = new Float64Array(columns * 2);
      this.bytes = new Uint8Array(this.row.buffer);
    }
    if (columns < HEADER_COLUMNS) {
      throw new ParallaxError('INPUT_REFUSED', `a row has at least ${HEADER_COLUMNS * 8} bytes, this one ${bytes.byteLength}`);
    }
    this.bytes.set(bytes);
    const layout = this.row[Column.layout];
    if (layout !== kind * 256 + ROW_VERSION) {
      throw new ParallaxError('INPUT_REFUSED', `row layout ${layout} is not kind ${kind} version ${ROW_VERSION}`);
    }
    return this.row;
  }
}

/** One message's row as an array of its own, for readers that keep it. */
export function rowFromBytes(bytes: Uint8Array): Row {
  const row = new Float64Array(bytes.byteLength >>> 3);
  new Uint8Array(row.buffer).set(bytes.subarray(0, row.byteLength));
  return row;
}
