/** What the guides say of the house is so: files, links, commands, options, variables, rooms and layers. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { LAYERS, TEST_PACKAGES } from './lint/layers.mjs';
import { MOST_PICTURE_BYTES } from './pictures.mjs';
import { ROOT } from './setup.mjs';

const GUIDES = ['README.md', 'ARCHITECTURE.md', 'ADDING_A_VENUE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

function markdownBelow(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', '.git', '.parallax', '.turbo'].includes(entry.name) ? [] : markdownBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}
const PAGES = markdownBelow('.');
const withoutFences = (text) => text.replace(/^```[\s\S]*?^```/gm, '');
const codeSpans = (text) => [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);

/** Names of headings as links to them are written. */
const anchorsOf = (text) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

test('every link in every page leads somewhere', () => {
  const broken = PAGES.flatMap((page) => {
    const text = withoutFences(read(page));
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(([, link, source]) => link ?? source);
    return targets.filter((target) => !/^(?:https?|mailto):/.test(target)).flatMap((target) => {
      const [path, anchor] = target.split('#');
      const file = path === '' ? page : posix.join(dirname(page), path);
      if (!existsSync(join(ROOT, file))) return [`${page}: ${target} is not there`];
      if (anchor !== undefined && !anchorsOf(read(file)).includes(anchor)) return [`${page}: ${file} has no heading #${anchor}`];
      return [];
    });
  });
  assert.deepEqual(broken, []);
});

test('every file and folder that a guide names exists', () => {
  const missing = GUIDES.flatMap((page) => {
    const named = read(page).matchAll(/(?<![\w./@-])((?:apps|bench|bin|deploy|docs|k8s|packages|tools)\/[\w./-]*\w)(?![\w<*-])/g);
    return [...named].map(([, path]) => path).filter((path) => !existsSync(join(ROOT, path))).map((path) => `${page}: ${path}`);
  });
  assert.deepEqual(missing, []);
});

/** Lines that stand as commands: indented code and code spans. */
const commandLines = (page) => [...read(page).split('\n').filter((line) => line.startsWith('    ')).map((line) => line.trim()), ...codeSpans(read(page))];

test('every npm script that a guide names is in package.json', () => {
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
  const unknown = GUIDES.flatMap((page) =>
    commandLines(page).flatMap((line) => {
      const name = /^npm (?:run )?([\w:-]+)/.exec(line)?.[1];
      return name === undefined || scripts.includes(name) || ['ci', 'install', 'i'].includes(name) ? [] : [`${page}: ${line}`];
    }),
  );
  assert.deepEqual(unknown, []);
});

const COMMANDS = join(ROOT, 'apps', 'parallax', 'src');
const commandSource = (name) => (name === 'services' ? 'tools/servers/main.mjs' : `apps/parallax/src/${name}/command.ts`);
const [, help] = /const HELP = `([^`]*)/.exec(read('bin/parallax'));
const listed = [...help.matchAll(/^ {2}([a-z]+)\b.* {2,}/gm)].map(([, name]) => name);

test('bin/parallax lists every command that there is', () => {
  const built = readdirSync(COMMANDS).filter((name) => existsSync(join(COMMANDS, name, 'command.ts')));
  assert.ok(built.length > 3);
  assert.deepEqual(built.filter((name) => !listed.includes(name)), []);
});

test('a command that is listed works, or the README says that it is not there yet', () => {
  const [, notYet = ''] = read('README.md').split('## Not there yet');
  const main = read('apps/parallax/src/main.ts');
  const silent = listed.filter((name) => name !== 'services' && !main.includes(`./${name}/command.js`) && !notYet.includes(`bin/parallax ${name}`));
  assert.deepEqual(silent, []);
});

test('every command of bin/parallax that a guide names exists', () => {
  const names = (page) => commandLines(page).map((line) => /^bin\/parallax ([a-z]+)/.exec(line)?.[1]).filter((name) => name !== undefined);
  const unknown = GUIDES.flatMap((page) => names(page).filter((name) => !listed.includes(name)).map((name) => `${page}: ${name}`));
  assert.deepEqual(unknown, []);
});

const optionsIn = (text) => [...text.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)].map(([, option]) => option);

test('every option that a guide names is an option of some command', () => {
  const sources = [...listed.map(commandSource), 'tools/test.mjs', 'tools/bench.mjs'].filter((path) => existsSync(join(ROOT, path)));
  // Commander's own, and Node's.
  const known = new Set([...sources.flatMap((path) => optionsIn(read(path))), 'help', 'version', 'experimental-vm-modules']);
  const unknown = GUIDES.flatMap((page) => commandLines(page).flatMap(optionsIn).filter((option) => !known.has(option)).map((option) => `${page}: --${option}`));
  assert.deepEqual(unknown, []);
});

test('every variable or code that a guide names is documented', () => {
  const known = read('docs/environment.md') + read('docs/refusal-codes.md') + read('docs/error-codes.md');
  const unknown = GUIDES.flatMap((page) =>
    codeSpans(read(page)).filter((code) => /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?:=\S*)?$/.test(code)).map((code) => code.split('=')[0])
      .filter((name) => !known.includes(`\`${name}\``)).map((name) => `${page}: ${name}`),
  );
  assert.deepEqual(unknown, []);
});

test('the map in the README is the house', () => {
  const map = new Set([...read('README.md').matchAll(/^\| `((?:apps|packages)\/[\w-]+)` \|/gm)].map(([, room]) => room));
  const rooms = ['apps', 'packages'].flatMap((kind) =>
    readdirSync(join(ROOT, kind)).filter((name) => existsSync(join(ROOT, kind, name, 'package.json'))).map((name) => `${kind}/${name}`),
  );
  assert.deepEqual([...map].toSorted(), rooms.toSorted());
});

test('the layers in ARCHITECTURE.md are those that the linter checks', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| (\d) \| (.+) \|$/gm)];
  const told = Object.fromEntries(rows.flatMap(([, layer, names]) => names.split(', ').map((name) => [name, Number(layer)])));
  const built = readdirSync(join(ROOT, 'packages')).filter((name) => existsSync(join(ROOT, 'packages', name, 'package.json')) && !TEST_PACKAGES.includes(name));
  assert.deepEqual(told, Object.fromEntries(built.map((name) => [name, LAYERS[name]])));
});

test('venues: folder, registry, evidence and the guide agree', () => {
  const folder = join(ROOT, 'packages', 'venues', 'src');
  const venues = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'index.ts')));
  const registered = [...read('packages/venues/src/registry.ts').matchAll(/from '\.\/(\w+)\/index\.js'/g)].map(([, name]) => name);
  assert.deepEqual(registered.toSorted(), venues.toSorted());
  for (const venue of venues) assert.match(read(`packages/venues/src/${venue}/README.md`), /^## Evidence$/m, venue);
  // The folder to copy has exactly the files that the guide tells of.
  const told = [...read('ADDING_A_VENUE.md').matchAll(/^\| `packages\/venues\/src\/binance\/([\w.]+)` \|/gm)].map(([, file]) => file);
  assert.deepEqual([...told, 'dialect.ts'].toSorted(), readdirSync(join(folder, 'binance')).filter((name) => !name.endsWith('.spec.ts')).toSorted());
});

test('pages name no path or registry of one machine', () => {
  const found = PAGES.flatMap((page) => {
    const hits = read(page).match(/(?<![\w.~])\/(?:root|home|work|Users|tmp)\/\S+|registry\.[\w-]+\.\w+|\bverdaccio\b/g) ?? [];
    return hits.map((hit) => `${page}: ${hit}`);
  });
  assert.deepEqual(found, []);
});

test('the pictures are there and small', () => {
  for (const name of ['docs/page-dark.png', 'docs/page-light.png']) {
    assert.ok(existsSync(join(ROOT, name)), name);
    assert.ok(statSync(join(ROOT, name)).size < MOST_PICTURE_BYTES, `${name} is over ${MOST_PICTURE_BYTES} bytes`);
  }
});
