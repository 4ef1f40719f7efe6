#!/usr/bin/env node
/**
 * Writes the nats.conf of the image set-ups from the topology in packages/wire, one user per service:
 * `node tools/write-nats-configuration.mjs`. With --print it goes to standard output instead.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromSource } from './from-source.mjs';
import { ROOT } from './setup.mjs';

/** Compose mounts one; kustomize reads no file outside its own folder. */
export const NATS_CONFIGURATIONS = ['deploy/nats/nats.conf', 'k8s/base/nats.conf'];

const SCRIPT = `
  import { natsConfiguration } from '@parallax/bus';
  import { TOPOLOGY } from '@parallax/wire';
  const options = { host: '0.0.0.0', port: 4222, monitoringPort: 8222, storeDirectory: '/data', maximumFileBytes: 16 * 2 ** 30 };
  process.stdout.write('# Made from packages/wire by tools/write-nats-configuration.mjs; a test keeps it current.\\n' + natsConfiguration(TOPOLOGY, options));
`;

export const natsConfigurationText = () => fromSource(SCRIPT);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = natsConfigurationText();
  if (process.argv.includes('--print')) process.stdout.write(text);
  else {
    for (const path of NATS_CONFIGURATIONS) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), text);
      console.log(`${path}: ${text.split('\n').length - 1} lines`);
    }
  }
}
