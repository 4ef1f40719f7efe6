/** Every rule finds what it is for, and lets pass what looks like it. Run by `node --test`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCycles } from './cycles.mjs';
import { room, sourceOf } from './project.mjs';
import { importsOf, readSource } from './read-source.mjs';
import * as rules from './rules.mjs';

const manifest = (name, dependencies = []) => ({ name, dependencies: Object.fromEntries(dependencies.map((one) => [one, '0.1.0'])) });
const ALL = ['@parallax/types', '@parallax/wire', '@parallax/risk', '@parallax/execution', '@parallax/testing', '@parallax/app-risk', '@parallax/app-gateway'];
const ROOMS = [
  ...['types', 'wire', 'risk', 'execution', 'testing', 'config'].map((short) => room('packages', short, `packages/${short}`, manifest(`@parallax/${short}`, ALL))),
  ...['risk', 'gateway', 'parallax'].map((short) => room('apps', short, `apps/${short}`, manifest(`@parallax/app-${short}`, ALL))),
];

const project = (files, rooms = ROOMS, locks = []) => ({
  rooms,
  sources: Object.entries(files).map(([path, text]) => sourceOf(path, text, rooms)),
  locks,
});
const sentences = (rule, files, rooms, locks) => rule(project(files, rooms, locks)).map(({ sentence }) => sentence);

test('a package imports lower layers only', () => {
  const found = sentences(rules.layers, {
    'packages/risk/src/a.ts': "import { x } from '@parallax/types';\nimport { y } from '@parallax/execution';",
    'packages/wire/src/a.ts': "import type { x } from '@parallax/risk';",
    'packages/risk/src/a.spec.ts': "import { y } from '@parallax/execution';",
  });
  assert.equal(found.length, 2);
  assert.match(found[0], /risk \(layer 3\) imports execution \(layer 4\).*data walks one way/);
  assert.match(found[1], /wire \(layer 2\) imports risk \(layer 3\)/);
});

test('nobody imports an app but the composer, and a package never', () => {
  const found = sentences(rules.layers, {
    'apps/gateway/src/a.ts': "import { x } from '@parallax/app-risk';",
    'apps/gateway/src/a.spec.ts': "import { x } from '@parallax/app-risk';",
    'packages/risk/src/a.spec.ts': "import { x } from '@parallax/app-risk';",
    'apps/parallax/src/a.ts': "import { x } from '@parallax/app-risk';\nconst later = import('@parallax/app-gateway');",
  });
  assert.equal(found.length, 3);
  assert.match(found[0], /apps speak over the bus only/);
  assert.match(found[2], /A package never imports an app/);
});

test('test helpers stay out of production, and a new package needs a layer', () => {
  const rooms = [...ROOMS, room('packages', 'novel', 'packages/novel', manifest('@parallax/novel'))];
  const found = sentences(rules.layers, {
    'packages/risk/src/a.ts': "import { freePort } from '@parallax/testing';",
    'packages/risk/test/a.spec.ts': "import { freePort } from '@parallax/testing';",
  }, rooms);
  assert.equal(found.length, 2);
  assert.match(found[0], /for tests alone/);
  assert.match(found[1], /novel has no layer/);
});

test('what is imported is declared', () => {
  const rooms = [room('packages', 'risk', 'packages/risk', manifest('@parallax/risk', ['@parallax/types']))];
  const found = sentences(rules.declaredDependencies, { 'packages/risk/src/a.ts': "import '@parallax/types';\nexport * from '@parallax/wire';" }, rooms);
  assert.equal(found.length, 1);
  assert.match(found[0], /@parallax\/wire is imported but not declared/);
});

test('circles of files and packages are found, those of types among them', () => {
  const found = sentences(rules.cycles, {
    'packages/risk/src/a.ts': "import { b } from './b.js';",
    'packages/risk/src/b.ts': "import { c } from './c.js';",
    'packages/risk/src/c.ts': "import { a } from './a.js';",
    'packages/risk/src/d.ts': "import type { E } from './e.js';",
    'packages/risk/src/e.ts': "import { d } from './d.js';\nimport '@parallax/execution';",
    'packages/execution/src/a.ts': "import { x } from '@parallax/risk';",
  });
  assert.equal(found.length, 3);
  assert.match(found[0], /packages\/risk\/src\/a\.ts → packages\/risk\/src\/b\.ts → packages\/risk\/src\/c\.ts → packages\/risk\/src\/a\.ts/);
  assert.match(found[1], /packages\/risk\/src\/d\.ts → packages\/risk\/src\/e\.ts → packages\/risk\/src\/d\.ts/);
  assert.match(found[2], /@parallax\/execution → @parallax\/risk → @parallax\/execution/);
});

test('a graph without circles has none; one that names itself has one', () => {
  assert.deepEqual(findCycles(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', []]])), []);
  assert.deepEqual(findCycles(new Map([['a', ['a']]])), [['a']]);
});

test('time and chance outside adapters', () => {
  const calls = ['Date.now()', 'new Date()', 'performance.now()', 'Math.random()', 'setTimeout(f, 1)', 'setInterval(f, 1)', 'setImmediate(f)', 'process.hrtime.bigint()', 'randomUUID()'];
  for (const call of calls) {
    assert.equal(sentences(rules.timeThroughPorts, { 'packages/risk/src/a.ts': `const x = ${call};` }).length, 1, call);
    assert.equal(sentences(rules.timeThroughPorts, { 'apps/risk/src/a.ts': `const x = ${call};` }).length, 1, call);
    for (const allowed of ['apps/risk/src/system-clock.ts', 'packages/risk/src/a.spec.ts', 'packages/risk/test/support/a.ts']) {
      assert.equal(sentences(rules.timeThroughPorts, { [allowed]: `const x = ${call};` }).length, 0, `${call} in ${allowed}`);
    }
  }
  const harmless = "// Date.now()\nconst text = 'Math.random()'; new Date(atMs); timers.setTimeout; const p = /setTimeout/;";
  assert.equal(sentences(rules.timeThroughPorts, { 'packages/risk/src/a.ts': harmless }).length, 0);
  assert.equal(sentences(rules.timeThroughPorts, { 'packages/risk/src/a.ts': 'const x = `${Date.now()} ms`;' }).length, 1);
});

test('tests that are not patient', () => {
  const hasty = [
    'jest.setTimeout(30_000);', "test('x', async () => {\n}, 30_000);", 'async function until(what) {}', 'const waitFor = () => {};',
    'await new Promise((resolve) => setTimeout(resolve, 20));', 'await new Promise((resolve) => void timers.after(20, resolve));',
    'expect(performance.now() - from).toBeLessThan(500);', 'expect(Date.now() - from).toBeLessThanOrEqual(500);',
  ];
  for (const text of hasty) {
    assert.equal(sentences(rules.patientTests, { 'packages/risk/src/a.spec.ts': text }).length, 1, text);
    assert.equal(sentences(rules.patientTests, { 'packages/risk/test/support/a.ts': text }).length, 0, text);
  }
  const patient = "await until(() => x);\n// jest.setTimeout(1)\nsetInterval(() => {\n}, 100);\nexpect(performance.now() - from).toBeGreaterThan(45);\nnew Promise((resolve) => child.once('exit', resolve));";
  assert.equal(sentences(rules.patientTests, { 'packages/risk/src/a.spec.ts': patient }).length, 0);
});

test('subjects by hand', () => {
  for (const text of ["'md.quote.binance'", '"exec.>"', '`signal.regime.${x}`', "'ops.*'", "'risk.halt'"]) {
    assert.equal(sentences(rules.subjectsFromWire, { 'packages/risk/src/a.ts': `const s = ${text};` }).length, 1, text);
    assert.equal(sentences(rules.subjectsFromWire, { 'packages/wire/src/a.ts': `const s = ${text};` }).length, 0, text);
    assert.equal(sentences(rules.subjectsFromWire, { 'packages/risk/test/a.spec.ts': `const s = ${text};` }).length, 0, text);
  }
  assert.equal(sentences(rules.subjectsFromWire, { 'packages/risk/src/a.ts': "// 'md.quote'\nconst s = 'readme.md.txt' + ops.x + 'risk';" }).length, 0);
});

test('the environment is read in packages/config alone', () => {
  const text = 'const port = process.env.PORT; // process.env';
  assert.equal(sentences(rules.environmentFromConfig, { 'apps/risk/src/main.ts': text }).length, 1);
  assert.equal(sentences(rules.environmentFromConfig, { 'packages/config/src/a.ts': text, 'apps/risk/test/a.ts': text, 'tools/a.mjs': text }).length, 0);
});

test('decimals are configured once', () => {
  const home = { 'packages/money/src/decimal.ts': "import { Decimal } from 'decimal.js';\nexport const Money = Decimal.clone({ precision: 160 });" };
  const rooms = [...ROOMS, room('packages', 'money', 'packages/money', manifest('@parallax/money', ['decimal.js']))];
  const found = (files) => rules.oneDecimal(project({ ...home, ...files }, rooms)).map(({ file, line }) => `${file}:${line}`);
  assert.deepEqual(found({}), []);
  assert.deepEqual(found({ 'packages/risk/src/a.ts': "import { Money } from '@parallax/money'; // Decimal.clone({})\nconst x = new Money(text('Decimal.set(1)'));" }), []);
  for (const path of ['packages/risk/src/a.ts', 'packages/risk/test/a.spec.ts', 'apps/risk/src/a.ts', 'bench/src/a.ts', 'packages/money/src/b.ts']) {
    assert.deepEqual(found({ [path]: "\nimport { Decimal } from 'decimal.js';" }), [`${path}:2`]);
    assert.deepEqual(found({ [path]: "const load = import('decimal.js/decimal.mjs');" }), [`${path}:1`]);
    for (const call of ['Decimal.clone({})', 'Decimal.set({ precision: 40 })', 'Money . config({})', 'Money.clone()']) assert.deepEqual(found({ [path]: call }), [`${path}:1`], call);
  }
  assert.deepEqual(found({ 'packages/money/src/decimal.ts': 'Decimal.clone({}); Decimal.set({});' }), ['packages/money/src/decimal.ts:1']);
  assert.deepEqual(found({ 'packages/money/src/decimal.ts': '' }), ['packages/money/src/decimal.ts:1']);
  const dependent = [...rooms, room('apps', 'novel', 'apps/novel', manifest('@parallax/app-novel', ['decimal.js']))];
  assert.deepEqual(rules.oneDecimal(project(home, dependent)).map(({ file }) => file), ['apps/novel/package.json']);
});

test('long files and hosts in the lock', () => {
  assert.equal(sentences(rules.fileLength, { 'packages/risk/src/a.ts': 'x\n'.repeat(401) }).length, 1);
  assert.equal(sentences(rules.fileLength, { 'packages/risk/src/a.ts': 'x\n'.repeat(400) }).length, 0);
  const lock = { path: 'package-lock.json', text: '{\n"resolved": "https://registry.example/a.tgz",\n"resolved": "packages/a"\n}' };
  assert.deepEqual(rules.lockWithoutHosts(project({}, ROOMS, [lock])).map(({ line }) => line), [2]);
});

test('sources are taken apart: comments, texts, templates, patterns, imports', () => {
  const source = "const a = 'x\\'y'; /* 'no' */ const r = /['\"`]/g; const t = `a${f({ b: `c${1}` })}d`; const z = 'end'; // it's";
  const { code, texts } = readSource(source);
  assert.deepEqual(texts.map(({ text }) => text), ["x\\'y", 'a', 'c', '', 'd', 'end']);
  assert.equal(code.length, source.length);
  assert.ok(!code.includes('no') && !code.includes('it'));
  const imports = "import type { A } from './a.js';\nimport {\n  b,\n} from './b.js';\nexport * from './c.js';\nimport './d.js';\nawait import('./e.js');";
  assert.deepEqual(importsOf(imports, readSource(imports).code), [
    { line: 1, from: './a.js' },
    { line: 2, from: './b.js' },
    { line: 5, from: './c.js' },
    { line: 6, from: './d.js' },
    { line: 7, from: './e.js' },
  ]);
});
