import { Problem } from '@parallax/service-host';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Which Host and Origin may speak to the gateway. The Host check stops DNS rebinding (a foreign name that resolves to
 * this machine), the Origin check stops pages of other sites, also for WebSockets, which browsers let through otherwise.
 */
export class Doorkeeper {
  private hosts: ReadonlySet<string> = new Set();

  /** `allowed` are further names, `host` or `host:port`. */
  constructor(private readonly allowed: readonly string[]) {}

  /** Until the port is known, nobody may enter. */
  listenOn(port: number): void {
    const named = this.allowed.flatMap((host) => (/:\d+$/.test(host) ? [host] : [host, `${host}:${port}`]));
    const loopback = LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
    this.hosts = new Set([...loopback, ...named].map((name) => name.toLowerCase()));
  }

  /** @throws Problem 421 or 403. */
  check(headers: Readonly<Record<string, string | string[] | undefined>>): void {
    const host = headers.host;
    if (typeof host !== 'string' || !this.hosts.has(host.toLowerCase())) {
      throw new Problem(421, 'HOST_REFUSED', `the host "${String(host)}" is not allowed here; PARALLAX_ALLOWED_HOSTS names those that are`, 'host');
    }
    const { origin } = headers;
    if (origin === undefined) return;
    if (typeof origin === 'string' && /^https?:\/\//.test(origin) && this.hosts.has(origin.replace(/^https?:\/\//, '').toLowerCase())) {
      return;
    }
    throw new Problem(403, 'ORIGIN_REFUSED', `pages of "${String(origin)}" may not use this gateway`, 'origin');
  }
}
