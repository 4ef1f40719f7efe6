/** Where the key lies: for this tab, and for as long as it is open. */
export interface KeyStore {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

const NAME = 'parallax-api-key';
/** The sub-protocol that the gateway speaks; the key travels beside it, since a WebSocket of a browser has no other header to give. */
const PROTOCOL = 'parallax';

/** The API key of this tab, as calls and the stream send it. It is never part of an address. */
export class Session {
  /** Where the browser keeps nothing, the key lasts as long as the page. */
  private own: string | null = null;

  constructor(private readonly store: KeyStore) {}

  get key(): string | null {
    try {
      return this.store.getItem(NAME) ?? this.own;
    } catch {
      return this.own;
    }
  }

  keep(key: string): void {
    this.own = key;
    try {
      this.store.setItem(NAME, key);
    } catch {
      // See `own`.
    }
  }

  forget(): void {
    this.own = null;
    try {
      this.store.removeItem(NAME);
    } catch {
      // See `own`.
    }
  }

  headers(): Record<string, string> {
    const { key } = this;
    return key === null ? {} : { 'x-api-key': key };
  }

  protocols(): string[] {
    const { key } = this;
    return key === null ? [PROTOCOL] : [PROTOCOL, `${PROTOCOL}.key.${base64url(key)}`];
  }
}

function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
