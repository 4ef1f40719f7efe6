import { GroupWriter } from './group-writer.js';
import { openDatabase, type Database } from './level-database.js';
import { LevelRecords } from './level-records.js';
import type { Storage, ValueStore } from './records.js';

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
 * whole batch when it is opened again. @throws ParallaxError `STORE_FAILED`.
 */
export async function openLevelStorage(directory: string, synchronise: boolean): Promise<Storage> {
  const database = await openDatabase(directory);
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
