import { fileFaultText, ParallaxError } from '@parallax/types';
import { ClassicLevel } from 'classic-level';

export type Database = ClassicLevel<string, Uint8Array>;

/**
 * Opens the LevelDB in `directory`, or makes it there.
 * @throws ParallaxError `STORE_FAILED`, also when another process has it open.
 */
export async function openDatabase(directory: string): Promise<Database> {
  const database: Database = new ClassicLevel(directory, { keyEncoding: 'utf8', valueEncoding: 'view' });
  try {
    await database.open();
  } catch (error) {
    throw new ParallaxError('STORE_FAILED', `the bus directory "${directory}" cannot be opened: ${reasonOf(error)}`, { place: directory, cause: error });
  }
  return database;
}

/** Each cause with what helps against it. */
function reasonOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  if (code === 'LEVEL_LOCKED') return 'another process uses it: end that one, or use another directory';
  const text = fileFaultText(error);
  return code === 'LEVEL_CORRUPTION' ? `what it holds is damaged (${text}): bring a copy of it back, or move it away to begin anew` : text;
}
