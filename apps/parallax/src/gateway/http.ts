import { Fetch } from '@parallax/app-ingestion';
import { readConfiguration, type Environment } from '@parallax/config';
import type { HttpClient, HttpReply } from '@parallax/types';

/** HTTP to a gateway, with the first key of PARALLAX_API_KEY, or of the file that PARALLAX_API_KEY_FILE names, where there is one. */
export function gatewayHttp(environment: Environment, http: HttpClient = new Fetch()): HttpClient {
  const { PARALLAX_API_KEY } = readConfiguration(environment, ['PARALLAX_API_KEY']);
  const key = PARALLAX_API_KEY?.split('\n').map((line) => line.trim()).find(Boolean);
  return key === undefined ? http : new KeyedHttp(http, key);
}

class KeyedHttp implements HttpClient {
  constructor(
    private readonly http: HttpClient,
    private readonly key: string,
  ) {}

  get(url: string, options: Parameters<HttpClient['get']>[1]): Promise<HttpReply> {
    return this.http.get(url, { ...options, headers: { ...options.headers, 'x-api-key': this.key } });
  }
}
