/**
 * Lets Node run the TypeScript sources as they are: `.js` in an import of a `.ts` file means the `.ts` beside it, and
 * swc translates on load, decorators with their metadata included (dependency injection reads it).
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const OPTIONS = {
  configFile: false,
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    target: 'es2022',
    keepClassNames: true,
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

const isOwnSource = (url) => url !== undefined && /^file:.*\.ts$/.test(url) && !url.includes('/node_modules/');

/** The entry of a worker has no parent: it is named by its whole address. */
const isMissingEntry = (specifier) => /^file:.*\.js$/.test(specifier) && !existsSync(fileURLToPath(specifier));

function sourceSpecifier(specifier, parentUrl) {
  const relative = specifier.startsWith('./') || specifier.startsWith('../');
  const source = `${specifier.slice(0, -3)}.ts`;
  if (relative) return specifier.endsWith('.js') && isOwnSource(parentUrl) ? source : specifier;
  return isMissingEntry(specifier) && existsSync(fileURLToPath(source)) ? source : specifier;
}

function translated(url) {
  const filename = fileURLToPath(url);
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename });
  return { format: 'module', source: code, shortCircuit: true };
}

/** Works for both kinds of hooks: `next` gives a promise in one and a value in the other, and neither is looked into. */
export function resolve(specifier, context, next) {
  return next(sourceSpecifier(specifier, context.parentURL), context);
}

export function load(url, context, next) {
  return isOwnSource(url) ? translated(url) : next(url, context);
}
