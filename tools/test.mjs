#!/usr/bin/env node
/** `npm test`: everything, from a fresh clone. Plain Node until its first stage has installed the rest. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { find } from './servers/find.mjs';
import { Interrupted } from './run-command.mjs';
import { build, install, ROOT, turbo } from './setup.mjs';

/** A full run with fewer tests than this has lost some on the way (a wrong testMatch, a folder left out). */
const MINIMUM_TESTS = 1_400;
const REPORT = join(ROOT, '.parallax', 'test-report.json');

const USAGE = `Usage: npm test [-- options] [pattern]

Installs and builds what is missing, finds or fetches nats-server, Redis and Chromium (no root), then checks types,
lint with the rules of the house, and runs all tests. Ends with the counts.

  --only <name>   one package or app: its types and tests, and no lint
  --help
  pattern         only test files whose path matches; further options after -- go to jest

With CI=true a missing server or a missing recording is a failure; elsewhere its tests are skipped and named.
Recordings are looked for in PARALLAX_DATA, by default ../shared/data beside the project.
`;

const inCi = process.env.CI === 'true';
const say = (sentence) => console.log(sentence);
const stages = [];
const notTested = new Set();

/** Runs a stage; its body gives { passed, failed, skipped }. A stage that throws has failed once. */
async function stage(name, body) {
  say(`\n== ${name}`);
  const startedAt = Date.now();
  let counts;
  try {
    counts = (await body()) ?? { passed: 0, failed: 0 };
  } catch (fault) {
    say(fault.message);
    if (fault instanceof Interrupted) process.exit(fault.exitCode);
    counts = { passed: 0, failed: 1 };
  }
  stages.push({ name, passed: 0, failed: 0, skipped: 0, ...counts, seconds: (Date.now() - startedAt) / 1000 });
  return counts.failed === 0;
}

async function servers() {
  const wanted = { 'nats-server': 'PARALLAX_TEST_NATS_SERVER', 'redis-server': 'PARALLAX_TEST_REDIS_SERVER', chromium: 'PARALLAX_TEST_CHROMIUM' };
  let failed = 0;
  for (const [name, variable] of Object.entries(wanted)) {
    try {
      const program = await find(name, { say });
      process.env[variable] = program.path;
      say(`${name} ${program.version} from ${program.way}: ${program.path}`);
    } catch (fault) {
      say(fault.message);
      notTested.add(fault.message);
      failed++;
    }
  }
  const folder = resolve(ROOT, process.env.PARALLAX_DATA || '../shared/data');
  if (!existsSync(folder)) {
    const sentence = `The recordings are not at ${folder}: set PARALLAX_DATA to their folder.`;
    say(sentence);
    notTested.add(sentence);
    failed++;
  } else say(`recordings: ${folder}`);
  return { failed: inCi ? failed : 0 };
}

function types(only) {
  const filters = only ? rooms(only).map((folder) => `--filter=./${folder}`) : [];
  const { command, parameters, env } = turbo('typecheck', '--continue', '--output-logs=errors-only', ...filters);
  const result = spawnSync(command, parameters, { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const output = `${result.stdout}${result.stderr}`;
  if (result.status === 0) return { passed: 1, failed: 0 };
  say(output);
  return { passed: 0, failed: Math.max(1, new Set(output.match(/^\S+#typecheck:\s+ERROR/gm) ?? []).size) };
}

async function lint() {
  const { runOxlint, runRules } = await import('./lint.mjs');
  const failed = runOxlint() + runRules();
  return { passed: failed === 0 ? 1 : 0, failed };
}

/** Tests of the tools themselves, by Node's own runner. */
function toolTests() {
  const files = ['tools/lint', 'tools/servers', 'tools'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.test.mjs')).map((name) => join(folder, name)),
  );
  const result = spawnSync(process.execPath, ['--test', '--test-reporter=tap', ...files], { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(result.stdout)?.[1] ?? 0);
  if (result.status !== 0) say(result.stdout + result.stderr);
  for (const [, reason] of result.stdout.matchAll(/# SKIP (.+)$/gm)) notTested.add(reason);
  const failed = count('fail') + count('cancelled');
  return { passed: count('pass'), failed: result.status !== 0 ? Math.max(1, failed) : failed, skipped: count('skipped') };
}

/** Folders of packages and apps, or those called `only`. */
function rooms(only) {
  const all = ['packages', 'apps'].flatMap((kind) => readdirSync(join(ROOT, kind)).map((name) => `${kind}/${name}`));
  if (existsSync(join(ROOT, 'bench', 'jest.config.mjs'))) all.push('bench');
  const chosen = all.filter((folder) => existsSync(join(ROOT, folder, 'jest.config.mjs')));
  const wanted = only ? chosen.filter((folder) => folder === only || folder.endsWith(`/${only}`)) : chosen;
  if (wanted.length === 0) throw new Error(`There is no package or app "${only}"; there are ${chosen.join(', ')}.`);
  return wanted;
}

function jest(only, rest) {
  mkdirSync(join(ROOT, '.parallax'), { recursive: true });
  rmSync(REPORT, { force: true });
  const program = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const parameters = [
    '--no-warnings', '--experimental-vm-modules', program, '--projects', ...rooms(only),
    '--maxWorkers=2', '--json', `--outputFile=${REPORT}`, '--passWithNoTests',
    // A test that failed may have left something open; the run must end all the same.
    '--forceExit', ...rest,
  ];
  const result = spawnSync(process.execPath, parameters, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: process.env });
  if (!existsSync(REPORT)) throw new Error(`jest ended without a report (exit code ${result.status ?? result.signal}).`);
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  for (const file of report.testResults) {
    for (const one of file.assertionResults) {
      if (one.status === 'pending' || one.status === 'todo') notTested.add(one.title.replace(/^not tested: /, '') === one.title ? `skipped: ${one.fullName}` : one.title.replace(/^not tested: /, ''));
    }
  }
  // A file that does not even load has no tests of its own to count.
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (report.numTotalTests === 0 && failed === 0) throw new Error('No test was found.');
  return {
    passed: report.numPassedTests,
    failed: result.status !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function summarise(full) {
  const total = (what) => stages.reduce((sum, one) => sum + one[what], 0);
  say('\n== Summary');
  for (const { name, passed, failed, skipped, seconds } of stages) {
    const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped`;
    say(`${name.padEnd(24)} ${counts} ${seconds.toFixed(1).padStart(7)} s`);
  }
  if (notTested.size > 0) {
    say('\nNot tested here:');
    for (const sentence of notTested) say(`  ${sentence}`);
  }
  const tests = total('passed') + total('failed');
  let failed = total('failed');
  if (full && tests < MINIMUM_TESTS) {
    say(`\nOnly ${tests} tests ran, at least ${MINIMUM_TESTS} should: some were not found.`);
    failed++;
  }
  const skipped = total('skipped');
  say(`\n${total('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 ? 0 : 1;
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const full = !values.only && positionals.length === 0;
  if (!(await stage('install', async () => void (await install(say))))) return summarise(false);
  await stage('build', async () => void (await build(say)));
  await stage('servers and recordings', servers);
  await stage('types', () => types(values.only));
  if (!values.only) {
    await stage('lint', lint);
    await stage('tools', toolTests);
  }
  await stage('tests', () => jest(values.only, positionals));
  return summarise(full);
}

process.exitCode = await main();
