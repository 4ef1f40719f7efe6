import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.js';
import { answerRaw } from './raw-answer.js';

export interface ProblemServerOptions {
  /** A request must have come whole within this time, head and body. */
  readonly limitMs: number;
  /** The problem that something thrown is. */
  readonly problemOf: (thrown: unknown) => Problem;
  /** The largest body; left out: Fastify's own. */
  readonly bodyLimit?: number;
  /** What Node makes of each request; left out: its own. */
  readonly message?: typeof IncomingMessage;
}

/** An HTTP server before any route: its limits, and the one form of what is wrong with a request that reaches none. */
export function problemServer({ limitMs, problemOf, bodyLimit, message }: ProblemServerOptions): FastifyAdapter {
  return new FastifyAdapter({
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    forceCloseConnections: true,
    requestTimeout: limitMs,
    http: {
      // Node looks for connections that are late only so often, by its own default each 30 s.
      requestTimeout: limitMs, headersTimeout: limitMs, connectionsCheckingInterval: Math.ceil(limitMs / 10),
      ...(message === undefined ? {} : { IncomingMessage: message }),
    },
    // An address that cannot be decoded never gets as far as Nest's filter.
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply): void => {
      const { status, body } = problemOf(error);
      void reply.code(status).send(body);
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Duplex): void => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else answerRaw(socket, problemOfClient(error, limitMs));
    },
  });
}

/** What Node says of a client before there is a request. */
function problemOfClient({ code, message }: Error & { code?: string }, limitMs: number): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem(408, 'REQUEST_TIMEOUT', `a request must have come whole within ${limitMs / 1_000} s`);
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem(431, 'HEADERS_TOO_LARGE', 'the headers of this request are too large');
  return new Problem(400, 'INPUT_REFUSED', `this is no HTTP that can be read: ${message}`);
}
