import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeDirectory } from './make-directory.js';

test('a directory is made with those above it, and one that is there is left', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-make-'));
  for (let round = 0; round < 2; round++) makeDirectory(join(folder, 'a', 'b'));
  expect(existsSync(join(folder, 'a', 'b'))).toBe(true);
  rmSync(folder, { recursive: true });
});

test.each(['EROFS', 'EACCES'])('where Node says that something is missing, the topmost missing directory says why: %s', (code) => {
  const failed = (name: string): Error => Object.assign(new Error(name), { code: name });
  const tried: string[] = [];
  const make = (path: string, options?: object): void => {
    tried.push(path);
    throw failed(options === undefined && path === '/state/a' ? code : 'ENOENT');
  };
  expect(() => makeDirectory('/state/a/b/c', make)).toThrow(code);
  expect(tried).toEqual(['/state/a/b/c', '/state/a/b/c', '/state/a/b', '/state/a']);
});
