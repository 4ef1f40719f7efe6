import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ParallaxError } from '@parallax/types';
import { DEFAULT_GATEWAY_CONFIGURATION, type GatewayConfiguration } from './configuration.js';
import { hashOfKey } from './security/access.js';

const SHORTEST_KEY = 16;

/**
 * PORT, PARALLAX_HOST, PARALLAX_ALLOWED_HOSTS (comma-separated), PARALLAX_API_KEY or PARALLAX_API_KEY_FILE (one key a
 * line). Keys are hashed here and forgotten.
 * @throws ParallaxError `CONFIG_REFUSED` naming the variable.
 */
export function gatewayConfigurationOf(environment: Readonly<Record<string, string | undefined>>): GatewayConfiguration {
  const { PORT, PARALLAX_HOST, PARALLAX_ALLOWED_HOSTS } = environment;
  const port = PORT === undefined || PORT === '' ? DEFAULT_GATEWAY_CONFIGURATION.port : Number(PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw refused('PORT', `must be 0 to 65535, is "${PORT}"`);
  return {
    ...DEFAULT_GATEWAY_CONFIGURATION,
    port,
    host: PARALLAX_HOST || DEFAULT_GATEWAY_CONFIGURATION.host,
    allowedHosts: (PARALLAX_ALLOWED_HOSTS ?? '').split(',').map((host) => host.trim()).filter(Boolean),
    apiKeyHashes: keysOf(environment).map(hashOfKey),
    pageDirectory: fileURLToPath(new URL('../../dashboard/dist', import.meta.url)),
  };
}

function keysOf({ PARALLAX_API_KEY, PARALLAX_API_KEY_FILE }: Readonly<Record<string, string | undefined>>): string[] {
  const keys = PARALLAX_API_KEY ? [PARALLAX_API_KEY] : [];
  if (PARALLAX_API_KEY_FILE) {
    try {
      keys.push(...readFileSync(PARALLAX_API_KEY_FILE, 'utf8').split('\n').map((line) => line.trim()).filter(Boolean));
    } catch (cause) {
      throw refused('PARALLAX_API_KEY_FILE', `cannot be read: ${String(cause)}`);
    }
  }
  if (keys.some((key) => key.length < SHORTEST_KEY)) {
    throw refused('PARALLAX_API_KEY', `a key has at least ${SHORTEST_KEY} characters; make one with: openssl rand -hex 24`);
  }
  return keys;
}

const refused = (name: string, message: string): ParallaxError =>
  new ParallaxError('CONFIG_REFUSED', `${name} ${message}`, { place: name });
