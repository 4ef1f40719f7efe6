import { ParallaxError } from '@parallax/types';
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
    const { cause } = error as { cause?: { code?: string; message?: string } };
    const reason = cause?.code === 'LEVEL_LOCKED' ? 'another process uses it' : `it cannot be opened (${cause?.message ?? String(error)})`;
    throw new ParallaxError('STORE_FAILED', `the bus directory "${directory}": ${reason}`, { place: directory, cause: error });
  }
  return database;
}
