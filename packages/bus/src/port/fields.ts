import { ParallaxError } from '@parallax/types';
import type { Headers } from '../bus.js';
import { MEMORY_PAYLOAD_LIMIT } from '../memory/hub.js';

const LONGEST_TEXT = 4_096;
const MOST_HEADERS = 64;

/** Reads the fields of what came through a port, which may be anything. @throws ParallaxError `INPUT_REFUSED` with the field. */
export class Fields {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(message: unknown) {
    if (typeof message !== 'object' || message === null) throw refused('op', 'an object');
    this.values = message as Readonly<Record<string, unknown>>;
  }

  get op(): unknown {
    return this.values.op;
  }

  text(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'string' || value.length > LONGEST_TEXT) throw refused(name, `text of at most ${LONGEST_TEXT} characters`);
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.values[name] === undefined ? undefined : this.text(name);
  }

  /** A whole number from 0 on. */
  whole(name: string): number {
    const value = this.values[name];
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw refused(name, 'a whole number from 0 on');
    return value as number;
  }

  optionalWhole(name: string): number | undefined {
    return this.values[name] === undefined ? undefined : this.whole(name);
  }

  milliseconds(name: string, most: number): number {
    const value = this.values[name];
    if (typeof value !== 'number' || !(value >= 0)) throw refused(name, 'a number of milliseconds');
    return Math.min(value, most);
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = this.values[name] as Choice;
    if (!choices.includes(value)) throw refused(name, choices.join(' or '));
    return value;
  }

  truth(name: string): boolean {
    const value = this.values[name];
    if (typeof value !== 'boolean') throw refused(name, 'true or false');
    return value;
  }

  /** Bytes that nobody else can change meanwhile. */
  bytes(name = 'bytes', limit = MEMORY_PAYLOAD_LIMIT): Uint8Array {
    const value = this.values[name];
    if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) throw refused(name, 'bytes');
    if (value.byteLength > limit) throw refused(name, `at most ${limit} bytes`);
    return value;
  }

  headers(): Headers | undefined {
    const value = this.values.headers;
    if (value === undefined) return undefined;
    const wrong = (): ParallaxError => refused('headers', `at most ${MOST_HEADERS} texts by name`);
    if (typeof value !== 'object' || value === null) throw wrong();
    const entries = Object.entries(value);
    if (entries.length > MOST_HEADERS || entries.some(([name, text]) => typeof text !== 'string' || name.length + text.length > LONGEST_TEXT)) throw wrong();
    return Object.fromEntries(entries) as Headers;
  }
}

const refused = (place: string, expected: string): ParallaxError =>
  new ParallaxError('INPUT_REFUSED', `"${place}" of an operation is not ${expected}`, { place });
