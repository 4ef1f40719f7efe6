import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment: the one place that reads it. */
export function systemEnvironment(): Environment {
  return process.env;
}

/** Reads a secret's file; the newline that editors put at its end is no part of it. */
export function readSecretFile(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}
