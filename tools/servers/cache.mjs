/** The folder of fetched programs: shared by all clones, outside the project, made on first use. */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export function cacheFolder() {
  return resolve(process.env.PARALLAX_CACHE || join(homedir(), '.cache', 'parallax'));
}

export function cachedProgram(name) {
  return join(cacheFolder(), 'bin', name);
}

/** A folder for work in progress on the cache's own file system, so that a rename out of it is atomic. */
export function scratchFolder() {
  mkdirSync(cacheFolder(), { recursive: true });
  return mkdtempSync(join(cacheFolder(), 'fetching-'));
}

export function discard(folder) {
  rmSync(folder, { recursive: true, force: true });
}

/** Puts a program that stands alone into the cache. Two fetches at once cannot leave half a file. */
export function keepProgram(name, file) {
  return keep(name, (target) => copyFileSync(file, target));
}

/** Puts a script into the cache that starts a program with libraries of its own. */
export function keepLauncher(name, program, libraryFolders, fixedArguments = []) {
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const libraries = libraryFolders.map(quoted).join(':');
  const script = `#!/bin/sh
LD_LIBRARY_PATH=${libraries}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} exec ${[program, ...fixedArguments].map(quoted).join(' ')} "$@"
`;
  return keep(name, (target) => writeFileSync(target, script));
}

function keep(name, write) {
  const target = cachedProgram(name);
  mkdirSync(join(cacheFolder(), 'bin'), { recursive: true });
  const partial = `${target}.${process.pid}.partial`;
  write(partial);
  chmodSync(partial, 0o755);
  renameSync(partial, target);
  return target;
}

/** Moves a fetched tree to its lasting place; keeps the one that is there if another fetch was faster. */
export function keepTree(name, folder) {
  const target = join(cacheFolder(), name);
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target);
  return target;
}
