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

/** Lines of JSON as cryptofeed's recorder writes them: header, http, connect, send, recv. */
export class CryptofeedFormat implements TapeFormat {
  readonly name = 'cryptofeed';
  private readonly connections = new Map<string, number>();

  constructor(private readonly definition: VenueDefinition) {}

  read(line: string, number: number): TapeEntry | null {
    if (line === '') return null;
    const entry = JSON.parse(line) as Line;
    if (entry.t === 'header') return null;
    if (typeof entry.ts !== 'number' || typeof entry.conn !== 'string') throw new Error('has no time or connection');
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

  /** What a REST answer is, told by its path; null where Parallax does not use it. */
  private replyOf(address: string): { kind: TapeKind | null; venueSymbol: string } {
    const url = new URL(address);
    const { definition } = this;
    if (definition.listing.urls().some((listing) => new URL(listing).pathname === url.pathname)) {
      return { kind: 'listing', venueSymbol: '' };
    }
    const sample = definition.catalogue[0];
    if (definition.snapshots && sample && new URL(definition.snapshots.url(sample)).pathname === url.pathname) {
      return { kind: 'snapshot', venueSymbol: url.searchParams.get('symbol') ?? '' };
    }
    return { kind: null, venueSymbol: '' };
  }
}
