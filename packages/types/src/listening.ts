import { ParallaxError } from './errors.js';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'it is no address of this machine',
  ENOTFOUND: 'it is no address of this machine',
  EAI_AGAIN: 'it is no address of this machine',
};

/**
 * What a server that cannot listen says: a `CONFIG_REFUSED` with the address, why, and what sets it (`place`, a variable or
 * an option) where Node's code tells the reason; any other error as it came.
 */
export function listeningRefused(error: unknown, host: string, port: number, place: string): unknown {
  const reason = REASONS[String((error as { code?: unknown } | null)?.code)];
  if (reason === undefined) return error;
  return new ParallaxError('CONFIG_REFUSED', `nobody can listen on ${host}:${port}: ${reason}; choose another (port 0 takes a free one)`, { place, cause: error });
}
