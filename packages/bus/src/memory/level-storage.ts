import { ParallaxError } from '@parallax/types';
import { ClassicLevel } from 'classic-level';
import { GroupWriter } from './group-writer.js';
import { LevelRecords } from './level-records.js';
import type { Storage, ValueStore } from './records.js';

export type Database = ClassicLevel<string, Uint8Array>;

/** Values of one space, under `v!<space>!<key>`. Keys hold no `!`. */
class LevelValues implements ValueStore {
  private readonly prefix: string;
  constructor(
    private readonly database: Database,
    private readonly writer: GroupWriter,
    space: string,
  ) {
    this.prefix = `v!${space}!`;
  }

  async entries(): Promise<readonly (readonly [string, Uint8Array])[]> {
    const found = await this.database.iterator({ gte: this.prefix, lt: `${this.prefix}\uffff` }).all();
    return found.map(([key, value]) => [key.slice(this.prefix.length), value] as const);
  }

  put(key: string, bytes: Uint8Array): Promise<void> {
    return this.writer.write([{ type: 'put', key: this.prefix + key, value: bytes }]);
  }
}

/**
 * Streams and state in LevelDB: every write is one atomic batch in its log, and a log torn by a kill ends at its last
 * whole batch when it is opened again.
 */
export async function openLevelStorage(directory: string, synchronise: boolean): Promise<Storage> {
  const database: Database = new ClassicLevel(directory, { keyEncoding: 'utf8', valueEncoding: 'view' });
  try {
    await database.open();
  } catch (error) {
    const locked = (error as { cause?: { code?: string } }).cause?.code === 'LEVEL_LOCKED';
    const reason = locked ? 'another process uses it' : 'it cannot be opened';
    throw new ParallaxError('STORE_FAILED', `the bus directory "${directory}": ${reason}`, { place: directory, cause: error });
  }
  const writer = new GroupWriter(database, synchronise);
  return {
    records: (stream) => new LevelRecords(database, writer, stream),
    values: (space) => new LevelValues(database, writer, space),
    close: async () => {
      await writer.whenIdle();
      await database.close();
    },
  };
}
