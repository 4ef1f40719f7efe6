import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../dependencies.js';
import { problemOf } from './problem-filter.js';
import { Problem } from './problem.js';
import { answerRaw } from './raw-answer.js';
import { WebSocketOrPlain } from './websocket-or-plain.js';

const BODY_BYTES = 16_384;

/** The HTTP server before any route: its limits, and the one form of what is wrong with a request that reaches none. */
export function httpServer(requestTimeoutMs: number, log: Log): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    requestTimeout: requestTimeoutMs,
    http: {
      requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 10),
      IncomingMessage: WebSocketOrPlain,
    },
    // An address that cannot be decoded never gets as far as Nest's filter.
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply): void => {
      const { status, body } = problemOf(error, log);
      void reply.code(status).send(body);
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Duplex): void => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else answerRaw(socket, problemOfClient(error, requestTimeoutMs));
    },
  });
}

/** A form of a page elsewhere can send text and fields, and no JSON. @throws Problem 415. */
export function refuseOtherThanJson({ 'content-type': type }: IncomingHttpHeaders): void {
  if (type === undefined || /^application\/json\s*(;|$)/i.test(type)) return;
  throw new Problem(415, 'MEDIA_TYPE_REFUSED', `a body is application/json, not ${type.slice(0, 100)}`, 'content-type');
}

/** What Node says of a client before there is a request. */
function problemOfClient({ code, message }: Error & { code?: string }, requestTimeoutMs: number): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Problem(408, 'REQUEST_TIMEOUT', `a request must have come whole within ${requestTimeoutMs / 1_000} s`);
  }
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem(431, 'HEADERS_TOO_LARGE', 'the headers of this request are too large');
  return new Problem(400, 'INPUT_REFUSED', `this is no HTTP that can be read: ${message}`);
}
