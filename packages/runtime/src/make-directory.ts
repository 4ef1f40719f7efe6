import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

type Make = (path: string, options?: { readonly recursive: true }) => unknown;
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Makes the directory, and those above it that are not there. @throws the system's own error: on a read-only file system Node says
 * that something does not exist, and only the try to make the topmost missing one says why.
 */
export function makeDirectory(path: string, make: Make = mkdirSync): void {
  try {
    make(path, { recursive: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') makeTopmost(path, make);
    throw error;
  }
}

function makeTopmost(path: string, make: Make): void {
  try {
    make(path);
  } catch (error) {
    const above = dirname(path);
    if (codeOf(error) !== 'ENOENT' || above === path) throw error;
    makeTopmost(above, make);
  }
}
