import { fileURLToPath } from 'node:url';
import { readConfiguration, type Environment } from '@parallax/config';
import { ParallaxError } from '@parallax/types';
import { DEFAULT_GATEWAY_CONFIGURATION, refuseOpenDoor, type GatewayConfiguration } from './configuration.js';
import { hashOfKey } from './security/access.js';

const SHORTEST_KEY = 16;
/** The page as `npm run build` leaves it, seen from the source and from the built gateway alike. */
const PAGE = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

/** @throws ParallaxError `CONFIG_REFUSED` for a key that can be guessed. */
export function refuseShortKeys(environment: Environment): void {
  keysIn(readConfiguration(environment, ['PARALLAX_API_KEY']).PARALLAX_API_KEY);
}

/** That nobody but this machine can reach it without a key, where no keys can lie in shared state. @throws ParallaxError `CONFIG_REFUSED`. */
export function refuseOpenHost(environment: Environment): void {
  const { PARALLAX_HOST } = readConfiguration(environment, ['PARALLAX_HOST']);
  const { PARALLAX_API_KEY, PARALLAX_API_KEY_FILE } = environment;
  refuseOpenDoor(PARALLAX_HOST, PARALLAX_API_KEY || PARALLAX_API_KEY_FILE ? 1 : 0);
}

function keysIn(text: string | undefined): string[] {
  const keys = (text ?? '').split('\n').map((line) => line.trim()).filter(Boolean);
  if (keys.every((key) => key.length >= SHORTEST_KEY)) return keys;
  const message = `PARALLAX_API_KEY: a key has at least ${SHORTEST_KEY} characters; make one with: openssl rand -hex 24`;
  throw new ParallaxError('CONFIG_REFUSED', message, { place: 'PARALLAX_API_KEY' });
}

/**
 * The gateway's configuration from the environment. Keys are hashed here and forgotten.
 * @throws ParallaxError `CONFIG_REFUSED` naming the variable.
 */
export function gatewayConfigurationOf(environment: Environment): GatewayConfiguration {
  const names = ['PORT', 'PARALLAX_HOST', 'PARALLAX_ALLOWED_HOSTS', 'PARALLAX_API_KEY', 'PARALLAX_LOOPBACK_WITHOUT_KEY'] as const;
  const { PORT, PARALLAX_HOST, PARALLAX_ALLOWED_HOSTS, PARALLAX_API_KEY, PARALLAX_LOOPBACK_WITHOUT_KEY } = readConfiguration(environment, names);
  const keys = keysIn(PARALLAX_API_KEY);
  return {
    ...DEFAULT_GATEWAY_CONFIGURATION,
    port: PORT,
    host: PARALLAX_HOST,
    allowedHosts: PARALLAX_ALLOWED_HOSTS,
    apiKeyHashes: keys.map(hashOfKey),
    deletedKeysOpen: PARALLAX_LOOPBACK_WITHOUT_KEY === 'allowed',
    pageDirectory: PAGE,
  };
}
