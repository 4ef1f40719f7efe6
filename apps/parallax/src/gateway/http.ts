import { Fetch } from '@parallax/app-ingestion';
import { readConfiguration, type Environment } from '@parallax/config';
import type { HttpClient, HttpReply } from '@parallax/types';
import { refusalOf } from './refusal.js';

/**
 * HTTP to a gateway, with the first key of PARALLAX_API_KEY, or of the file that PARALLAX_API_KEY_FILE names, where there is one. What
 * it throws where the gateway lets nobody in with that is a ParallaxError `CONFIG_REFUSED`.
 */
export function gatewayHttp(environment: Environment, http: HttpClient = new Fetch()): HttpClient {
  const { PARALLAX_API_KEY } = readConfiguration(environment, ['PARALLAX_API_KEY']);
  const keys = (PARALLAX_API_KEY ?? '').split('\n').map((line) => line.trim()).filter(Boolean);
  return new GatewayHttp(http, keys, environment.PARALLAX_API_KEY ? null : environment.PARALLAX_API_KEY_FILE ?? null);
}

class GatewayHttp implements HttpClient {
  constructor(
    private readonly http: HttpClient,
    private readonly keys: readonly string[],
    private readonly file: string | null,
  ) {}

  async get(url: string, options: Parameters<HttpClient['get']>[1]): Promise<HttpReply> {
    const [key] = this.keys;
    const reply = await this.http.get(url, key === undefined ? options : { ...options, headers: { ...options.headers, 'x-api-key': key } });
    const refusal = refusalOf(reply, new URL(url).origin, { keys: this.keys.length, file: this.file });
    if (refusal) throw refusal;
    return reply;
  }
}
