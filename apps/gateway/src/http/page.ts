import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../security/access.js';

const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Serves the built page from memory: a few files, known at start, so that no request ever becomes a path of the disk.
 * The HTML carries the start's token where no key is needed, so it is never cached. Returns the addresses: they need no key.
 */
export function servePage(server: FastifyInstance, directory: string | null, access: Access): string[] {
  const file = directory === null ? null : join(directory, 'index.html');
  if (directory === null || file === null || !existsSync(file)) {
    server.get('/', (_, reply) => reply.type('text/plain').send('The page is not built. The API is described at /api/openapi.json\n'));
    return ['/'];
  }
  const addresses = ['/'];
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const address = `/${relative(directory, path).split(sep).join('/')}`;
    serveFile(server, address, path, type);
    addresses.push(address);
  }
  const html = readFileSync(file, 'utf8');
  server.get('/', (_, reply) => {
    const token = access.needsKey ? '' : `<meta name="parallax-token" content="${access.startToken}">`;
    return reply
      .type('text/html; charset=utf-8')
      .headers({ 'cache-control': 'no-store', 'content-security-policy': POLICY })
      .send(html.replace('</head>', `${token}</head>`));
  });
  return addresses;
}

function serveFile(server: FastifyInstance, url: string, path: string, type: string): void {
  const bytes = readFileSync(path);
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  server.get(url, (request, reply) => {
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type(type).send(bytes);
  });
}
