import { ParallaxError, SYSTEM_SERVICES, type ServiceName } from '@parallax/types';

export interface GatewayConfiguration {
  /** Address to listen on; anything but loopback needs an API key. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Names besides loopback's by which browsers may call the gateway, with port where it is not the default. */
  readonly allowedHosts: readonly string[];
  /** SHA-256 of each API key in hexadecimal; more may lie in the bucket `api-keys`. */
  readonly apiKeyHashes: readonly string[];
  /** On loopback, that all keys of shared state were deleted before the start opens the gateway again. */
  readonly deletedKeysOpen: boolean;
  /** By which the page may change state where no API key is configured; null: a new one at each start. */
  readonly startToken: string | null;
  /** Folder of the built page; null serves none. */
  readonly pageDirectory: string | null;
  /** Services whose silence `/readyz` reports. */
  readonly expectedServices: readonly ServiceName[];
  /** How often changes are sent to stream readers. */
  readonly flushIntervalMs: number;
  /** A request must have come whole within this time, or is let go of. */
  readonly requestTimeoutMs: number;
}

export const DEFAULT_GATEWAY_CONFIGURATION: GatewayConfiguration = {
  host: '127.0.0.1',
  port: 8080,
  allowedHosts: [],
  apiKeyHashes: [],
  deletedKeysOpen: false,
  startToken: null,
  pageDirectory: null,
  expectedServices: SYSTEM_SERVICES.filter((name) => name !== 'gateway'),
  flushIntervalMs: 100,
  requestTimeoutMs: 10_000,
};

/** Whether an address is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** @throws ParallaxError `CONFIG_REFUSED` when the gateway would be open to others without a key. */
export function refuseOpenDoor(host: string, keys: number): void {
  if (isLoopback(host) || keys > 0) return;
  throw new ParallaxError(
    'CONFIG_REFUSED',
    `the gateway listens beyond loopback (${host}) only with an API key: set PARALLAX_API_KEY or PARALLAX_API_KEY_FILE, ` +
      'or listen on 127.0.0.1',
    { place: 'PARALLAX_HOST' },
  );
}
