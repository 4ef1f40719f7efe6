import { startServer, type RestartableServer } from './restartable-server.js';

/** Redis in memory only: {@link RestartableServer.restart} finds it empty. */
export type RedisServer = RestartableServer;

/** A real Redis on a free port of the loopback. */
export function startRedis({ port }: { port?: number } = {}): Promise<RedisServer> {
  return startServer({
    program: 'redis-server', scheme: 'redis', port,
    command: (own, folder) => ['--port', String(own), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
  });
}
