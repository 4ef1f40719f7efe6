/** Runs other programs and reads versions. Plain Node: everything in this folder works before an install. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Runs a program to its end. Never throws; a program that is not there has code 127. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: 300_000, maxBuffer: 2 ** 24, ...options });
  const code = result.error ? (result.error.code === 'ENOENT' ? 127 : 1) : (result.status ?? 1);
  return { code, out: result.stdout ?? '', error: (result.stderr ?? '') || (result.error?.message ?? '') };
}

/** The same while this process stays responsive: for downloads. */
export function runLater(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let out = '';
    let error = '';
    child.stdout.on('data', (piece) => (out += piece));
    child.stderr.on('data', (piece) => (error += piece));
    child.on('error', (fault) => done({ code: fault.code === 'ENOENT' ? 127 : 1, out, error: fault.message }));
    child.on('close', (code) => done({ code: code ?? 1, out, error }));
  });
}

/** The last line with words in it: where most programs say what went wrong. */
export function lastLine(text) {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => /\w/.test(line) && !/^npm (notice|warn)/.test(line));
  return lines.at(-1)?.slice(0, 240) ?? '';
}

/** All places of a program on PATH, in order. */
export function onPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).filter((path) => existsSync(path) && statSync(path).isFile());
}

/** `[2, 15, 1]` of a text that holds `2.15.1`, or null. */
export function versionIn(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null;
}

export function atLeast(version, minimum) {
  for (let i = 0; i < minimum.length; i++) {
    if (version[i] !== minimum[i]) return version[i] > minimum[i];
  }
  return true;
}
