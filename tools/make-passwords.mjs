#!/usr/bin/env node
/**
 * Makes a password for each user of the NATS server and a key for the gateway, for compose and for a Secret:
 * `node tools/make-passwords.mjs` writes .parallax/passwords.env (readable by its owner alone), which stays out of git.
 * What the file already holds is kept.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromSource } from './from-source.mjs';
import { ROOT } from './setup.mjs';

const FILE = join(ROOT, '.parallax', 'passwords.env');
const SCRIPT = `
  import { passwordVariable, PROVISIONER } from '@parallax/bus';
  import { TOPOLOGY } from '@parallax/wire';
  process.stdout.write([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map(passwordVariable).join(' '));
`;

const lines = existsSync(FILE) ? readFileSync(FILE, 'utf8').split('\n').filter(Boolean) : [];
const known = new Set(lines.map((line) => line.split('=')[0]));
const missing = [...fromSource(SCRIPT).split(' '), 'PARALLAX_API_KEY'].filter((name) => !known.has(name));
// The server reads a variable as a value of its configuration: one that begins like a number would be taken for one.
lines.push(...missing.map((name) => `${name}=p${randomBytes(24).toString('hex')}`));
mkdirSync(dirname(FILE), { recursive: true });
writeFileSync(FILE, `${lines.join('\n')}\n`, { mode: 0o600 });
console.log(`${FILE}: ${missing.length} made, ${known.size} kept`);
