import { fileURLToPath } from 'node:url';
import { readConfiguration, type Environment } from '@parallax/config';
import { ParallaxError } from '@parallax/types';
import { DEFAULT_GATEWAY_CONFIGURATION, type GatewayConfiguration } from './configuration.js';
import { hashOfKey } from './security/access.js';

const SHORTEST_KEY = 16;
/** The page as `npm run build` leaves it, seen from the source and from the built gateway alike. */
const PAGE = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

/**
 * The gateway's configuration from the environment. Keys are hashed here and forgotten.
 * @throws ParallaxError `CONFIG_REFUSED` naming the variable.
 */
export function gatewayConfigurationOf(environment: Environment): GatewayConfiguration {
  const names = ['PORT', 'PARALLAX_HOST', 'PARALLAX_ALLOWED_HOSTS', 'PARALLAX_API_KEY'] as const;
  const { PORT, PARALLAX_HOST, PARALLAX_ALLOWED_HOSTS, PARALLAX_API_KEY } = readConfiguration(environment, names);
  const keys = (PARALLAX_API_KEY ?? '').split('\n').map((line) => line.trim()).filter(Boolean);
  if (keys.some((key) => key.length < SHORTEST_KEY)) {
    const message = `PARALLAX_API_KEY: a key has at least ${SHORTEST_KEY} characters; make one with: openssl rand -hex 24`;
    throw new ParallaxError('CONFIG_REFUSED', message, { place: 'PARALLAX_API_KEY' });
  }
  return {
    ...DEFAULT_GATEWAY_CONFIGURATION,
    port: PORT,
    host: PARALLAX_HOST,
    allowedHosts: PARALLAX_ALLOWED_HOSTS,
    apiKeyHashes: keys.map(hashOfKey),
    pageDirectory: PAGE,
  };
}
