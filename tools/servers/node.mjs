/** Another version of Node, to try the suite on it: the running one, the cache's, or npm's package of it for this platform. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, discard, keepTree, scratchFolder } from './cache.mjs';
import { lastLine, run, runLater } from './run.mjs';

/** What a major version stands for here, with the checksum of npm's package by platform and processor. */
export const PINNED = {
  20: { version: '20.20.2', integrity: { 'linux-x64': 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==' } },
  22: { version: '22.23.5', integrity: { 'linux-x64': 'sha512-3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==' } },
  24: { version: '24.22.3', integrity: { 'linux-x64': 'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==' } },
  26: { version: '26.12.1', integrity: { 'linux-x64': 'sha512-jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==' } },
};

/**
 * The exact version and the known checksum for what somebody asks, a major version or an exact one.
 * @throws Error with one sentence where it is neither
 */
export function nodeWanted(asked, machine = `${process.platform}-${process.arch}`) {
  const pinned = PINNED[asked] ?? Object.values(PINNED).find(({ version }) => version === asked);
  if (pinned) return { version: pinned.version, integrity: pinned.integrity[machine] ?? null };
  if (/^\d+\.\d+\.\d+$/.test(asked)) return { version: asked, integrity: null };
  throw new Error(`"${asked}" is no version of Node that is known here: give ${Object.keys(PINNED).join(', ')}, or an exact one such as 24.22.3.`);
}

/**
 * @returns {Promise<string>} path of the program
 * @throws Error with one sentence that says what failed
 */
export async function findNode(asked, say = () => {}) {
  const { version, integrity } = nodeWanted(asked);
  if (process.versions.node === version) return process.execPath;
  const kept = join(cacheFolder(), `node-${version}`);
  const program = join(kept, 'bin', 'node');
  if (isVersion(program, version)) return program;
  say(`fetching Node ${version} ...`);
  const scratch = scratchFolder();
  try {
    const tree = await download(version, integrity, scratch, say);
    if (!isVersion(join(tree, 'bin', 'node'), version)) throw new Error(`What npm has as Node ${version} does not run here.`);
    keepTree(`node-${version}`, tree);
    return program;
  } finally {
    discard(scratch);
  }
}

const isVersion = (program, version) => existsSync(program) && run(program, ['--version']).out.trim() === `v${version}`;

async function download(version, integrity, scratch, say) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  writeFileSync(join(scratch, 'package.json'), '{ "private": true }\n');
  const rules = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', scratch];
  const result = await runLater('npm', ['install', ...rules, `${name}@${version}`], { cwd: scratch });
  if (result.code !== 0) throw new Error(`npm could not install ${name}@${version}: ${lastLine(result.error)}`);
  const found = JSON.parse(readFileSync(join(scratch, 'package-lock.json'), 'utf8')).packages[`node_modules/${name}`]?.integrity;
  if (integrity === null) say(`no checksum is known for ${name}@${version}: taking it unchecked`);
  else if (found !== integrity) throw new Error(`${name}@${version} has another checksum than the pinned one.`);
  rmSync(join(scratch, 'package.json'));
  return join(scratch, 'node_modules', name);
}
