import { ParallaxError, type ServiceName } from '@parallax/types';
import { readSecretFile, type Environment } from './system-environment.js';
import { VARIABLES, type Reader, type ValueOf, type Variable, type VariableName } from './variables.js';

export type Configuration<Name extends VariableName> = { readonly [One in Name]: ValueOf<One> };

/**
 * Reads the named variables into typed values. An empty variable counts as unset. A secret may lie in the file that
 * `<NAME>_FILE` names.
 * @throws ParallaxError `CONFIG_REFUSED` that lists every bad variable with what would be right; never a secret's value.
 */
export function readConfiguration<Name extends VariableName>(
  environment: Environment,
  names: readonly Name[],
  readFile: (path: string) => string = readSecretFile,
): Configuration<Name> {
  const values: Partial<Record<VariableName, unknown>> = {};
  const faults: { name: string; sentence: string }[] = [];
  for (const name of names) {
    const variable: Variable = VARIABLES[name];
    try {
      const given = variable.secret ? secretText(environment, name, readFile) : environment[name] || undefined;
      const raw = given ?? variable.standard;
      const value = raw === undefined ? undefined : variable.kind.read(raw);
      if (raw !== undefined && value === undefined) throw new Fault(`${name} must be ${variable.kind.description}, not ${shown(variable, raw)}`);
      values[name] = value;
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      faults.push({ name, sentence: fault.message });
    }
  }
  if (faults.length > 0) {
    throw new ParallaxError('CONFIG_REFUSED', faults.map(({ sentence }) => sentence).join('; '), {
      place: faults.map(({ name }) => name).join(', '),
    });
  }
  return values as Configuration<Name>;
}

/**
 * Reads all that these services read, so that one refusal names every bad variable before anything is opened.
 * @throws ParallaxError `CONFIG_REFUSED` as `readConfiguration`.
 */
export function checkConfiguration(environment: Environment, services: readonly ServiceName[], readFile = readSecretFile): void {
  const readers: readonly Reader[] = ['all', ...services];
  const names = Object.entries<Variable>(VARIABLES).filter(([, { readBy }]) => readBy.some((reader) => readers.includes(reader))).map(([name]) => name);
  readConfiguration(environment, names as VariableName[], readFile);
}

class Fault extends Error {}

function secretText(environment: Environment, name: string, readFile: (path: string) => string): string | undefined {
  const fileVariable = `${name}_FILE`;
  const direct = environment[name] || undefined;
  const path = environment[fileVariable] || undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) throw new Fault(`${name} and ${fileVariable} are both set: one of them must go`);
  let content: string;
  try {
    content = readFile(path);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new Fault(`${fileVariable} names ${path}, which cannot be read${code ? ` (${code})` : ''}`);
  }
  if (content.trim() === '') throw new Fault(`${fileVariable} names ${path}, which is empty`);
  return content;
}

/** What stands before an @ may be a password. */
const shown = (variable: Variable, raw: string): string =>
  variable.secret ? 'what was given' : `"${raw.replace(/^([a-z]*:?\/*).*@/is, '$1…@').slice(0, 80)}"`;

/** What may be shown of a configuration: secrets only say whether they are set. */
export function describeConfiguration(configuration: Partial<Record<VariableName, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configuration).map(([name, value]) => {
      const hidden = VARIABLES[name as VariableName].secret;
      return [name, hidden ? (value === undefined ? 'not set' : 'set, not shown') : value];
    }),
  );
}
