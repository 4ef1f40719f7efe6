import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { errorCodesDocument } from '../src/index.js';

test('docs/error-codes.md is as the lists make it: node packages/service-host/test/write-documents.mjs', () => {
  expect(readFileSync(new URL('../../../docs/error-codes.md', import.meta.url), 'utf8')).toBe(errorCodesDocument());
});
