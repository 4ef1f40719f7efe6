/**
 * The rules of the house that oxlint does not know. Each takes the project (see project.mjs) and gives violations
 * { file, line, sentence }; the sentence says why, so that nobody has to ask.
 */
import { posix } from 'node:path';
import { findCycles } from './cycles.mjs';
import { COMPOSER, LAYERS, TEST_PACKAGES } from './layers.mjs';

const at = (file, line, sentence) => ({ file, line, sentence });
const lineOf = (text, index) => text.slice(0, index).split('\n').length;
const packageOf = (specifier) => /^@parallax\/([\w-]+)/.exec(specifier)?.[1];

/** Layers, and who may import whom. */
export function layers(project) {
  const found = [];
  for (const source of project.sources) {
    for (const { line, from } of source.imports) {
      const name = packageOf(from);
      const target = project.rooms.find((room) => room.name === from.split('/').slice(0, 2).join('/'));
      if (!name || !target || target === source.room) continue;
      const sentence = layerFault(source, target);
      if (sentence) found.push(at(source.path, line, sentence));
    }
  }
  for (const room of project.rooms) {
    if (room.kind === 'packages' && !(room.short in LAYERS) && !TEST_PACKAGES.includes(room.short)) {
      found.push(at(`${room.folder}/package.json`, 1, `Package ${room.short} has no layer: add it to tools/lint/layers.mjs, so that it is clear what it may stand on.`));
    }
  }
  return found;
}

function layerFault(source, target) {
  const { room } = source;
  if (target.kind === 'packages' && TEST_PACKAGES.includes(target.short)) {
    return source.isTest || TEST_PACKAGES.includes(room.short)
      ? null
      : `${target.name} is for tests alone: what runs in production must not import it.`;
  }
  if (target.kind === 'apps') {
    if (room.kind === 'packages') return `A package never imports an app (${target.short}): cores must run without their shells, in tests and backtests.`;
    if (room.kind === 'apps' && room.short === COMPOSER) return null;
    if (room.kind === 'apps') return `App ${room.short} imports app ${target.short}: apps speak over the bus only, so that each can run alone; what they share belongs in a package.`;
    return null;
  }
  if (room.kind !== 'packages' || source.isTest || target.kind !== 'packages') return null;
  const own = LAYERS[room.short];
  const other = LAYERS[target.short];
  if (own === undefined || other === undefined || other < own) return null;
  return `Package ${room.short} (layer ${own}) imports ${target.short} (layer ${other}): a package stands only on lower layers, so that data walks one way and cores stay free of their users.`;
}

/** A package that is imported but not declared works by accident, and not in an image. */
export function declaredDependencies(project) {
  const found = [];
  for (const source of project.sources) {
    if (!source.room) continue;
    for (const { line, from } of source.imports) {
      const name = packageOf(from) ? from.split('/').slice(0, 2).join('/') : null;
      if (!name || name === source.room.name || source.room.dependencies.has(name)) continue;
      found.push(at(source.path, line, `${name} is imported but not declared in ${source.room.folder}/package.json: it would be missing where this room is installed alone.`));
    }
  }
  return found;
}

/** Cycles of files and of packages, by all imports of production code, those of types among them. */
export function cycles(project) {
  const found = [];
  const paths = new Set(project.sources.map((source) => source.path));
  const files = new Map();
  const packages = new Map();
  for (const source of project.sources) {
    if (source.isTest) continue;
    const goals = [];
    for (const { from } of source.imports) {
      if (from.startsWith('.')) {
        const goal = posix.join(posix.dirname(source.path), from.replace(/\.js$/, '.ts'));
        if (paths.has(goal)) goals.push(goal);
      } else if (packageOf(from) && source.room && source.room.name !== from) {
        packages.set(source.room.name, [...(packages.get(source.room.name) ?? []), from.split('/').slice(0, 2).join('/')]);
      }
    }
    files.set(source.path, goals);
  }
  for (const cycle of findCycles(files)) {
    found.push(at(cycle[0], 1, `Files import each other in a circle (${[...cycle, cycle[0]].join(' → ')}): none of them can be read, or loaded, without the others; move what they share into a file of its own.`));
  }
  for (const cycle of findCycles(packages)) {
    found.push(at(cycle[0], 1, `Packages import each other in a circle (${[...cycle, cycle[0]].join(' → ')}): none of them could be built or tested alone.`));
  }
  return found;
}

const TIME_AND_CHANCE = [
  [/\bDate\s*\.\s*now\b/g, 'Date.now'],
  [/\bnew\s+Date\s*\(\s*\)/g, 'new Date()'],
  [/\bperformance\s*\.\s*now\b/g, 'performance.now'],
  [/\bprocess\s*\.\s*hrtime\b/g, 'process.hrtime'],
  [/\bMath\s*\.\s*random\b/g, 'Math.random'],
  [/\b(?:randomUUID|randomBytes|getRandomValues)\b/g, 'random bytes'],
  [/(?<![.\w])setTimeout\b/g, 'setTimeout'],
  [/(?<![.\w])setInterval\b/g, 'setInterval'],
  [/(?<![.\w])setImmediate\b/g, 'setImmediate'],
];

/** Time, timers and chance come through ports; their adapters are files named system-*.ts. */
export function timeThroughPorts(project) {
  const found = [];
  for (const source of project.sources) {
    if (!source.room || source.isTest || /(?:^|\/)system-[\w-]+\.tsx?$/.test(source.path)) continue;
    for (const [pattern, name] of TIME_AND_CHANCE) {
      for (const match of source.code.matchAll(pattern)) {
        found.push(at(source.path, lineOf(source.code, match.index), `${name} outside an adapter: take Clock, Timers or Random from @parallax/types, or a replay would not give the same result twice (adapters are files named system-*.ts).`));
      }
    }
  }
  return found;
}

const TOO_IMPATIENT = [
  [/\bjest\s*\.\s*setTimeout\b/g, 'A time limit of its own', 'all tests have the one of tools/jest-timeout.mjs, which a busy machine keeps'],
  [/^ {0,4}\}, \d[\d_]{3,}\);$/gm, 'A time limit of its own', 'all tests have the one of tools/jest-timeout.mjs, which a busy machine keeps'],
  [/\b(?:function|const|let)\s+(?:until|waitFor)\b/g, 'Waiting by hand', 'use until of @parallax/testing, which waits for minutes and says what never came'],
  [/\bnew Promise\b[^\n]*(?:\bsetTimeout\b|\.after)\s*\(/g, 'A pause', 'wait for the state with until of @parallax/testing; what must not happen is shown by what comes after it'],
  [/\b(?:performance|Date)\s*\.\s*now\s*\(\)[^;\n]*\.toBeLess/g, 'A speed', 'a machine that has ten other things to do fails it; say what must be so, not how soon'],
];

/** Tests wait for a state, never for a time; helpers of tests may make something slow. */
export function patientTests(project) {
  const found = [];
  for (const source of project.sources) {
    if (!/\.spec\.tsx?$/.test(source.path)) continue;
    for (const [pattern, what, instead] of TOO_IMPATIENT) {
      for (const match of source.code.matchAll(pattern)) {
        found.push(at(source.path, lineOf(source.code, match.index), `${what} in a test: ${instead}.`));
      }
    }
  }
  return found;
}

/** Subjects are functions of packages/wire. */
export function subjectsFromWire(project) {
  const found = [];
  for (const source of project.sources) {
    if (!source.room || source.isTest || source.room.name === '@parallax/wire') continue;
    for (const { line, text } of source.texts) {
      if (/^(?:md|exec|signal|ops|risk)\.(?:[a-z*>]|$)/.test(text)) {
        found.push(at(source.path, line, `The subject "${text.split('\n')[0]}" is written by hand: use subjects or patterns of @parallax/wire, so that permissions, streams and readers cannot disagree.`));
      }
    }
  }
  return found;
}

/** The environment is read in one place, where every variable has a type, a default and a meaning. */
export function environmentFromConfig(project) {
  const found = [];
  for (const source of project.sources) {
    if (!source.room || source.isTest || source.room.name === '@parallax/config') continue;
    for (const match of source.code.matchAll(/\bprocess\s*\.\s*env\b/g)) {
      found.push(at(source.path, lineOf(source.code, match.index), 'process.env outside packages/config: read it with readConfiguration(), so that docs/environment.md stays whole and a bad value is refused with its field.'));
    }
  }
  return found;
}

const DECIMAL_HOME = 'packages/money/src/decimal.ts';

/** Money has one configuration of decimals: two of them would round the same amount in two ways. */
export function oneDecimal(project) {
  const found = [];
  let configurations = 0;
  for (const source of project.sources) {
    const configured = [...source.code.matchAll(/\b(?:Decimal|Money)\s*\.\s*(?:clone|set|config)\s*\(/g)];
    if (source.path === DECIMAL_HOME) configurations = configured.length;
    else for (const { index } of configured) found.push(at(source.path, lineOf(source.text, index), `A second configuration of decimals: use Money of @parallax/money, or two places would round the same amount in two ways.`));
    for (const { line, from } of source.imports) {
      if (from.split('/')[0] !== 'decimal.js' || source.path === DECIMAL_HOME) continue;
      found.push(at(source.path, line, 'decimal.js outside packages/money has a precision of its own (20 digits): use Money of @parallax/money.'));
    }
  }
  const isWhole = project.rooms.some((room) => room.folder === 'packages/money');
  if (isWhole && configurations !== 1) found.push(at(DECIMAL_HOME, 1, `${configurations} configurations of decimals instead of one.`));
  for (const room of project.rooms) {
    if (room.folder === 'packages/money' || !room.dependencies.has('decimal.js')) continue;
    found.push(at(`${room.folder}/package.json`, 1, 'decimal.js is a dependency of packages/money alone: depend on @parallax/money.'));
  }
  return found;
}

const LONGEST_FILE = 400;

export function fileLength(project) {
  return project.sources.flatMap((source) => {
    const lines = source.text.split('\n').length - 1;
    return lines > LONGEST_FILE ? [at(source.path, LONGEST_FILE, `${lines} lines: over ${LONGEST_FILE} a file has more than one reason to change; take it apart.`)] : [];
  });
}

/** A lock that names a registry's host works on one network only. */
export function lockWithoutHosts(project) {
  return project.locks.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      /"resolved":\s*"(?:https?|git\+\w+):/.test(line) ? [at(path, index + 1, 'The lock names a registry host: run `npm run lock:repair`, so that npm ci asks the one that is configured.')] : [],
    ),
  );
}

export const RULES = {
  layers,
  declaredDependencies,
  cycles,
  timeThroughPorts,
  patientTests,
  subjectsFromWire,
  environmentFromConfig,
  oneDecimal,
  fileLength,
  lockWithoutHosts,
};
