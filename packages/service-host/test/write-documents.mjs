/** Writes docs/metrics.md: `node packages/service-host/test/write-documents.mjs`. */
import { writeFileSync } from 'node:fs';
import { fromSource } from '../../../tools/from-source.mjs';

const text = fromSource("import { metricsDocument } from '@parallax/service-host'; process.stdout.write(metricsDocument());");
writeFileSync(new URL('../../../docs/metrics.md', import.meta.url), text);
