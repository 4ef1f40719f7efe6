/**
 * Completes package-lock.json with the optional platform packages that npm leaves out when a registry does not carry
 * them for every platform: without these entries `npm ci` calls the lock incomplete. Run after `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = {
  android: 'android', darwin: 'darwin', windows: 'win32', win32: 'win32', freebsd: 'freebsd', netbsd: 'netbsd',
  openbsd: 'openbsd', openharmony: 'openharmony', sunos: 'sunos', aix: 'aix', linux: 'linux', wasm32: 'wasi',
};
const PROCESSORS = {
  arm64: 'arm64', aarch64: 'arm64', x64: 'x64', 64: 'x64', ia32: 'ia32', arm: 'arm', ppc64: 'ppc64',
  riscv64: 'riscv64', s390x: 's390x', loong64: 'loong64', mips64el: 'mips64el', wasm32: 'wasm32',
};

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;

/** Whether `name` resolves from the package at `from`, walking up as Node does. */
function resolves(from, name) {
  for (let folder = from; ; ) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
    const up = folder.lastIndexOf('/node_modules/');
    folder = up < 0 ? '' : folder.slice(0, up);
  }
}

let added = 0;
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolves(path, name)) continue;
    const words = name.split('/').pop().split(/[-_.]/);
    const system = words.map((word) => SYSTEMS[word]).find(Boolean);
    const processor = words.map((word) => PROCESSORS[word]).find(Boolean);
    if (!system || !/^\d/.test(version)) continue;
    const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) ? 'glibc' : undefined;
    packages[`node_modules/${name}`] = {
      version,
      ...(processor ? { cpu: [processor] } : {}),
      ...(entry.dev ? { dev: true } : {}),
      ...(libc ? { libc: [libc] } : {}),
      optional: true,
      os: [system],
    };
    added++;
  }
}

// The registry that happened to be used is nobody else's business: `npm ci` asks the one that is configured.
for (const entry of Object.values(packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) delete entry.resolved;
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${file}: ${added} platform packages added`);
