/** Reads the project from disk into what the rules look at. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { importsOf, readSource } from './read-source.mjs';

const SKIPPED = new Set(['node_modules', 'dist', '.turbo', '.parallax', '.git', 'coverage']);

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

export function readProject(root) {
  const rooms = [];
  for (const kind of ['packages', 'apps', '.']) {
    if (!existsSync(join(root, kind))) continue;
    for (const short of kind === '.' ? ['bench'] : readdirSync(join(root, kind)).sort()) {
      const file = join(root, kind, short, 'package.json');
      if (!existsSync(file)) continue;
      rooms.push(room(kind === '.' ? 'bench' : kind, short, kind === '.' ? short : `${kind}/${short}`, JSON.parse(readFileSync(file, 'utf8'))));
    }
  }
  const sources = [];
  for (const folder of ['packages', 'apps', 'bench', 'tools', 'bin'].filter((one) => existsSync(join(root, one)))) {
    for (const path of filesBelow(join(root, folder))) {
      if (!/\.(?:ts|tsx|mjs|js)$/.test(path) || path.endsWith('.d.ts')) continue;
      sources.push(sourceOf(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8'), rooms));
    }
  }
  const locks = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock'].filter((one) => existsSync(join(root, one)));
  return { rooms, sources, locks: locks.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })) };
}

export function room(kind, short, folder, manifest) {
  const dependencies = new Set(['dependencies', 'devDependencies', 'peerDependencies'].flatMap((one) => Object.keys(manifest[one] ?? {})));
  return { kind, short, folder, name: manifest.name, dependencies };
}

/** A source of a room (package or app), or of the tools, which belong to none. */
export function sourceOf(path, text, rooms) {
  const owner = rooms.find((one) => path.startsWith(`${one.folder}/`)) ?? null;
  const { code, texts } = readSource(text);
  const isTest =
    /\.spec\.tsx?$|(?:^|\/)test\//.test(path) || path.startsWith('bench/') || path.startsWith('packages/testing/') || /\.config\.m?js$/.test(path);
  return { path, text, code, texts, imports: importsOf(text, code), room: owner, isTest };
}
