/**
 * Strict JSON (RFC 8259) whose numbers keep their digits: `0.10` stays `0.10`. For venues that send prices as JSON
 * numbers, which JSON.parse would turn into floats. Accepts exactly what JSON.parse accepts, but for nesting deeper than
 * {@link MAXIMUM_DEPTH}. Objects have no prototype; of repeated keys the last one counts, as in JSON.parse.
 */
export class JsonNumber {
  constructor(readonly text: string) {}
}

export type ExactJson = null | boolean | string | JsonNumber | ExactJson[] | { [key: string]: ExactJson };

export const MAXIMUM_DEPTH = 64;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// A string up to its closing quote: control characters are not allowed unescaped.
// oxlint-disable-next-line no-control-regex
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const SPACE = /[ \t\n\r]*/y;

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): ExactJson {
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) this.fail();
    return value;
  }

  private value(depth: number): ExactJson {
    if (depth > MAXIMUM_DEPTH) throw new SyntaxError(`nested deeper than ${MAXIMUM_DEPTH} at position ${this.at}`);
    this.skipSpace();
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.list(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return new JsonNumber(this.match(NUMBER));
    }
  }

  private object(depth: number): ExactJson {
    const object = Object.create(null) as { [key: string]: ExactJson };
    this.at++;
    if (this.takes('}')) return object;
    for (;;) {
      this.skipSpace();
      const key = this.string();
      if (!this.takes(':')) this.fail();
      object[key] = this.value(depth + 1);
      if (this.takes('}')) return object;
      if (!this.takes(',')) this.fail();
    }
  }

  private list(depth: number): ExactJson {
    const list: ExactJson[] = [];
    this.at++;
    if (this.takes(']')) return list;
    for (;;) {
      list.push(this.value(depth + 1));
      if (this.takes(']')) return list;
      if (!this.takes(',')) this.fail();
    }
  }

  private string(): string {
    const quoted = this.match(STRING);
    return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail();
    this.at += word.length;
    return value;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) this.fail();
    this.at = pattern.lastIndex;
    return found[0];
  }

  private takes(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  private fail(): never {
    const found = this.at < this.text.length ? JSON.stringify(this.text[this.at]) : 'the end';
    throw new SyntaxError(`unexpected ${found} at position ${this.at}`);
  }
}

/** @throws SyntaxError with the position of the fault. */
export function parseExactJson(text: string): ExactJson {
  return new Parser(text).document();
}
