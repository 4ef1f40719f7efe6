import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ServiceLog } from '@parallax/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What is wrong with a request, in the form that the gateway gives it as well. */
interface Refusal {
  readonly status: number;
  readonly body: { readonly error: { readonly code: string; readonly message: string; readonly place: null } };
}

const refusal = (status: number, code: string, message: string): Refusal => ({ status, body: { error: { code, message, place: null } } });

/** The HTTP server of the probes before any route: a request must have come whole within `limitMs`. */
export function probeServer(limitMs: number, log: ServiceLog): FastifyAdapter {
  return new FastifyAdapter({
    forceCloseConnections: true,
    requestTimeout: limitMs,
    // Node looks for connections that are late only so often, by its own default each 30 s.
    http: { requestTimeout: limitMs, headersTimeout: limitMs, connectionsCheckingInterval: Math.ceil(limitMs / 10) },
    // An address that cannot be decoded never gets as far as Nest's filter.
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply): void => {
      const { status, body } = refusalOf(error, log);
      void reply.code(status).send(body);
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Duplex): void => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else answerRaw(socket, refusalOfClient(error, limitMs));
    },
  });
}

/** Gives whatever was thrown the one form; what was not expected is logged, and not shown. */
@Catch()
export class ProbeErrorFilter implements ExceptionFilter {
  constructor(private readonly log: ServiceLog) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const { status, body } = refusalOf(thrown, this.log);
    void host.switchToHttp().getResponse<FastifyReply>().code(status).send(body);
  }
}

function refusalOf(thrown: unknown, log: ServiceLog): Refusal {
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown })?.statusCode;
  if (status === 404) return refusal(404, 'NOT_FOUND', 'there is nothing at this address; GET /healthz, /readyz and /metrics are answered');
  if (typeof status === 'number' && status >= 400 && status < 500) return refusal(status, 'INPUT_REFUSED', (thrown as Error).message);
  log.error('a probe failed unexpectedly', { error: String(thrown), stack: (thrown as Error | undefined)?.stack });
  return refusal(500, 'INTERNAL', 'something went wrong here; the log of the process has it');
}

/** What Node says of a client before there is a request. */
function refusalOfClient({ code, message }: Error & { code?: string }, limitMs: number): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusal(408, 'REQUEST_TIMEOUT', `a request must have come whole within ${limitMs / 1_000} s`);
  if (code === 'HPE_HEADER_OVERFLOW') return refusal(431, 'HEADERS_TOO_LARGE', 'the headers of this request are too large');
  return refusal(400, 'INPUT_REFUSED', `this is no HTTP that can be read: ${message}`);
}

/** Answers where there is no HTTP reply to do it with, and lets go of the connection. */
function answerRaw(socket: Duplex, { status, body }: Refusal): void {
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`, 'content-type: application/json; charset=utf-8', 'connection: close',
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  // A client that neither reads nor closes must not keep the connection.
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}
