/** Writes docs/metrics.md and docs/error-codes.md: `node packages/service-host/test/write-documents.mjs`. */
import { writeFileSync } from 'node:fs';
import { fromSource } from '../../../tools/from-source.mjs';

for (const [file, made] of [['metrics.md', 'metricsDocument'], ['error-codes.md', 'errorCodesDocument']]) {
  const text = fromSource(`import { ${made} } from '@parallax/service-host'; process.stdout.write(${made}());`);
  writeFileSync(new URL(`../../../docs/${file}`, import.meta.url), text);
}
