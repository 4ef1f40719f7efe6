const encoder = new TextEncoder();

interface Entry {
  readonly bytes: Uint8Array;
  value: number;
}

/** Numbers by text, found by the bytes of a frame without making a string of them. */
export class ByteKeys {
  private readonly byHash = new Map<number, Entry[]>();

  set(text: string, value: number): void {
    const bytes = encoder.encode(text);
    const hash = hashOf(bytes, 0, bytes.length);
    const entries = this.byHash.get(hash) ?? [];
    const known = entries.find((entry) => equal(entry.bytes, bytes, 0, bytes.length));
    if (known) known.value = value;
    else entries.push({ bytes, value });
    this.byHash.set(hash, entries);
  }

  /** What stands for the bytes from `from` to before `to`; -1 where nothing does. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const entries = this.byHash.get(hashOf(bytes, from, to));
    if (entries === undefined) return -1;
    for (let i = 0; i < entries.length; i++) if (equal(entries[i].bytes, bytes, from, to)) return entries[i].value;
    return -1;
  }

  /** As {@link find}, from `from` to before the next quote; -1 where none stands. */
  findQuoted(bytes: Uint8Array, from: number): number {
    const to = quoteAfter(bytes, from);
    return to < 0 ? -1 : this.find(bytes, from, to);
  }

  findText(text: string): number {
    const bytes = encoder.encode(text);
    return this.find(bytes, 0, bytes.length);
  }
}

const QUOTE = 0x22;

/** Where the next quote stands; -1 where none does. What is looked for is near: a native search costs more than it saves. */
function quoteAfter(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (bytes[at] === QUOTE) return at;
  return -1;
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
  return hash;
}

function equal(key: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (key.length !== to - from) return false;
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[from + i]) return false;
  return true;
}
