/** Writes docs/refusal-codes.md: `node packages/risk/test/write-documents.mjs`. */
import { writeFileSync } from 'node:fs';
import { fromSource } from '../../../tools/from-source.mjs';

const text = fromSource("import { refusalCodesDocument } from '@parallax/risk'; process.stdout.write(refusalCodesDocument());");
writeFileSync(new URL('../../../docs/refusal-codes.md', import.meta.url), text);
