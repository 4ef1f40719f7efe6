/** Writes docs/refusal-codes.md; run with `node --conditions=source --import ../../tools/swc-register.mjs test/write-documents.mjs`. */
import { writeFileSync } from 'node:fs';
import { refusalCodesDocument } from '../src/refusal-codes-document.ts';

writeFileSync(new URL('../../../docs/refusal-codes.md', import.meta.url), refusalCodesDocument());
