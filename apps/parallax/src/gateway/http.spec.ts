import { expect, test } from '@jest/globals';
import type { HttpClient } from '@parallax/types';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { askGateway } from './client.js';
import { gatewayHttp } from './http.js';

const KEY = 'a-long-enough-test-key';
/** Answers who sends the key. */
const gateway: HttpClient = {
  get: (_url, { headers = {} }) => Promise.resolve({ status: headers['x-api-key'] === KEY ? 200 : 401, headers: {}, body: new TextEncoder().encode('{"data":[]}') }),
};
const ask = (environment: Record<string, string>): Promise<unknown> => askGateway(gatewayHttp(environment, gateway), 'http://gateway', '/api/v1/health', z.object({ data: z.array(z.string()) }));

test('commands that ask a gateway send the first of the configured keys, from the variable or its file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-key-'));
  const file = join(folder, 'keys');
  writeFileSync(file, `\n ${KEY} \nanother-long-enough-key\n`);
  expect(await ask({ PARALLAX_API_KEY: KEY })).toEqual({ data: [] });
  expect(await ask({ PARALLAX_API_KEY_FILE: file })).toEqual({ data: [] });
  rmSync(folder, { recursive: true });
});

test('where the key lacks, or is wrong, it is told which variable would hold it', async () => {
  for (const environment of [{} as Record<string, string>, { PARALLAX_API_KEY: 'another-long-enough-key' }]) {
    await expect(ask(environment)).rejects.toMatchObject({ code: 'CONFIG_REFUSED', place: 'PARALLAX_API_KEY' });
  }
});
