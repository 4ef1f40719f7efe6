import type { VenueDefinition } from '@parallax/venues';
import type { TapeEntry, TapeFormat, TapeKind } from './tape.js';

const encoder = new TextEncoder();

interface Line {
  readonly t: string;
  readonly conn?: string;
  readonly ts?: number;
  readonly url?: string;
  readonly addr?: string;
  readonly data?: string;
  readonly b64?: string;
}

/** An unreadable line is told by its first characters: V8's own message may quote a whole frame. */
function lineOf(bytes: Uint8Array): Line {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`not a line of JSON: "${text.slice(0, 40)}"`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`not a JSON object: "${text.slice(0, 40)}"`);
  return value as Line;
}

/** Lines of JSON as cryptofeed's recorder writes them: header, http, connect, send, recv. */
export class CryptofeedFormat implements TapeFormat {
  readonly name = 'cryptofeed';
  private readonly connections = new Map<string, number>();

  constructor(private readonly definition: VenueDefinition) {}

  read(line: Uint8Array, number: number): TapeEntry | null {
    if (line.length === 0) return null;
    const entry = lineOf(line);
    if (entry.t === 'header') return null;
    if (typeof entry.ts !== 'number' || !(entry.ts > 0) || typeof entry.conn !== 'string') throw new Error('has no time or connection');
    const common = {
      receivedAtUs: Math.round(entry.ts * 1e6), connection: this.connectionOf(entry.conn), line: number, venueSymbol: '',
    };
    switch (entry.t) {
      case 'recv': {
        const bytes = entry.b64 === undefined ? encoder.encode(entry.data ?? '') : new Uint8Array(Buffer.from(entry.b64, 'base64'));
        return { ...common, kind: 'stream', bytes, url: '' };
      }
      case 'connect':
        return { ...common, kind: 'opened', bytes: new Uint8Array(0), url: entry.addr ?? '' };
      case 'send':
        return { ...common, kind: 'sent', bytes: encoder.encode(entry.data ?? ''), url: entry.addr ?? '' };
      case 'http': {
        const { kind, venueSymbol } = this.replyOf(entry.url ?? '');
        return kind === null ? null : { ...common, kind, venueSymbol, bytes: encoder.encode(entry.data ?? ''), url: entry.url ?? '' };
      }
      default:
        throw new Error(`an entry of the unknown type "${entry.t}"`);
    }
  }

  private connectionOf(name: string): number {
    let number = this.connections.get(name);
    if (number === undefined) this.connections.set(name, (number = this.connections.size));
    return number;
  }

  /** What a REST answer is, told by the end of its path (a simulator puts its own before); null where it is not used. */
  private replyOf(address: string): { kind: TapeKind | null; venueSymbol: string } {
    if (!URL.canParse(address)) throw new Error(`"${address.slice(0, 80)}" is no address`);
    const url = new URL(address);
    const { definition } = this;
    if (definition.listing.urls().some((listing) => url.pathname.endsWith(new URL(listing).pathname))) {
      return { kind: 'listing', venueSymbol: '' };
    }
    const sample = definition.catalogue[0];
    if (definition.snapshots && sample) {
      const { pathname, searchParams } = new URL(definition.snapshots.url(sample));
      const [name] = [...searchParams].find(([, value]) => value === sample.venueSymbol) ?? [''];
      if (url.pathname.endsWith(pathname)) return { kind: 'snapshot', venueSymbol: url.searchParams.get(name) ?? '' };
    }
    return { kind: null, venueSymbol: '' };
  }
}
