/** A value between the texts of a row. `scale` is a decimal's: it is read as an integer at that scale. */
export interface RowValue {
  readonly kind: 'integer' | 'decimal' | 'flag' | 'text';
  readonly scale: number;
}

/** A JSON integer without sign, below 2^53. */
export const INTEGER: RowValue = { kind: 'integer', scale: 0 };
/** `true` (read as 1) or `false` (0). */
export const FLAG: RowValue = { kind: 'flag', scale: 0 };
/** Plain text up to a closing quote, which is not read. */
export const TEXT: RowValue = { kind: 'text', scale: 0 };
/** Digits with or without a point, as they stand in quotes. */
export const decimal = (scale: number): RowValue => ({ kind: 'decimal', scale });

/** Texts, and a value behind each but the last: how a venue writes a frame. */
export interface Row {
  readonly texts: readonly string[];
  readonly values: readonly RowValue[];
}

/** A row as a template: texts and other rows are filled in, values stand for themselves. */
export function row(strings: TemplateStringsArray, ...parts: readonly (string | RowValue | Row)[]): Row {
  const texts = [strings[0]];
  const values: RowValue[] = [];
  const append = (text: string): void => void (texts[texts.length - 1] += text);
  parts.forEach((part, at) => {
    if (typeof part === 'string') {
      append(part);
    } else if ('texts' in part) {
      append(part.texts[0]);
      texts.push(...part.texts.slice(1));
      values.push(...part.values);
    } else {
      values.push(part);
      texts.push('');
    }
    append(strings[at + 1]);
  });
  return { texts, values };
}

/** What follows a field's text; see frame-program.as. */
const KINDS = { integer: 1, decimal: 2, flag: 3, text: 4 } as const;
const STEP = 16;
const encoder = new TextEncoder();

/** The row as frame-program.as reads it: for each text four words and its bytes, filled up to a step of 16. */
export function layOut({ texts, values }: Row): Uint8Array {
  const fields = texts.map((text, at) => fieldOf(encoder.encode(text), values[at]));
  const laidOut = new Uint8Array(fields.reduce((length, field) => length + field.length, 0));
  let at = 0;
  for (const field of fields) {
    laidOut.set(field, at);
    at += field.length;
  }
  return laidOut;
}

function fieldOf(text: Uint8Array, value: RowValue | undefined): Uint8Array {
  const steps = Math.max(1, Math.ceil(text.length / STEP));
  const field = new Uint8Array(STEP + steps * STEP);
  const words = new DataView(field.buffer);
  words.setInt32(0, text.length, true);
  words.setInt32(4, (1 << (text.length - (steps - 1) * STEP)) - 1, true);
  words.setInt32(8, value === undefined ? 0 : KINDS[value.kind], true);
  words.setInt32(12, value?.scale ?? 0, true);
  field.set(text, STEP);
  return field;
}
