import { expect, test } from '@jest/globals';
import type { HttpClient } from '@parallax/types';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { askGateway } from './client.js';
import { gatewayHttp } from './http.js';

const KEY = 'a-long-enough-test-key';
/** Answers who sends the key; others, and all with a `status`, as a gateway does. */
const gatewayOf = (code: string, status?: number): HttpClient => ({
  get: (_url, { headers = {} }) => {
    const answered = status ?? (headers['x-api-key'] === KEY ? 200 : 401);
    const body = answered === 200 ? { data: [] } : { error: { code, message: 'a sentence', place: null } };
    return Promise.resolve({ status: answered, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) });
  },
});
const ask = (environment: Record<string, string>, code = 'UNAUTHORISED', status?: number): Promise<unknown> =>
  askGateway(gatewayHttp(environment, gatewayOf(code, status)), 'http://gateway', '/api/v1/health', z.object({ data: z.array(z.string()) }));

test('commands that ask a gateway send the first of the configured keys, from the variable or its file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-key-'));
  const file = join(folder, 'keys');
  writeFileSync(file, `\n ${KEY} \nanother-long-enough-key\n`);
  expect(await ask({ PARALLAX_API_KEY: KEY })).toEqual({ data: [] });
  expect(await ask({ PARALLAX_API_KEY_FILE: file })).toEqual({ data: [] });
  rmSync(folder, { recursive: true });
});

test('who sends no key, a wrong one, or one to a gateway that has none is told which it is, and what helps', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-key-'));
  const file = join(folder, 'keys');
  writeFileSync(file, 'another-long-enough-key\na-third-long-enough-key\n');
  const refusal = async (environment: Record<string, string>, code?: string): Promise<string> => {
    const fault = await ask(environment, code).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'CONFIG_REFUSED', place: environment.PARALLAX_API_KEY_FILE ? 'PARALLAX_API_KEY_FILE' : 'PARALLAX_API_KEY' });
    return (fault as Error).message;
  };
  const wrong = { PARALLAX_API_KEY: 'another-long-enough-key' };
  expect(await refusal({})).toBe('the gateway at http://gateway wants an API key: set PARALLAX_API_KEY, or PARALLAX_API_KEY_FILE, to one of its keys');
  expect(await refusal(wrong)).toBe('the gateway at http://gateway refused the API key that PARALLAX_API_KEY holds: it is none of the gateway’s keys, or none any more; put one of them there');
  expect(await refusal({ PARALLAX_API_KEY_FILE: file })).toMatch(`refused the API key in ${file}, which PARALLAX_API_KEY_FILE names, the first of 2 there: it is none`);
  expect(await refusal(wrong, 'TOO_MANY_WRONG_KEYS')).toMatch(/refused the API key .*answered slowly now$/);
  expect(await refusal(wrong, 'NO_API_KEY')).toMatch(/lets nobody in: no API key is configured there any more/);
  for (const environment of [wrong, { PARALLAX_API_KEY_FILE: file }]) expect(await refusal(environment)).not.toContain('long-enough');
  rmSync(folder, { recursive: true });
});

test('what a gateway says of a request that it does not serve is told with it', async () => {
  await expect(ask({ PARALLAX_API_KEY: KEY }, 'HOST_REFUSED', 421)).rejects.toThrow('http://gateway/api/v1/health answered 421: a sentence');
});
