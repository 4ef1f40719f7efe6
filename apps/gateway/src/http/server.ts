import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Problem, problemServer } from '@parallax/service-host';
import type { Log } from '../dependencies.js';
import { problemOfGateway } from './problem-filter.js';
import { WebSocketOrPlain } from './websocket-or-plain.js';

const BODY_BYTES = 16_384;

/** The HTTP server before any route. */
export function httpServer(requestTimeoutMs: number, log: Log): FastifyAdapter {
  return problemServer({ limitMs: requestTimeoutMs, bodyLimit: BODY_BYTES, message: WebSocketOrPlain, problemOf: (thrown) => problemOfGateway(thrown, log) });
}

/** A form of a page elsewhere can send text and fields, and no JSON. @throws Problem 415. */
export function refuseOtherThanJson({ 'content-type': type }: IncomingHttpHeaders): void {
  if (type === undefined || /^application\/json\s*(;|$)/i.test(type)) return;
  throw new Problem(415, 'MEDIA_TYPE_REFUSED', `a body is application/json, not ${type.slice(0, 100)}`, 'content-type');
}
