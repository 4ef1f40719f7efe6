import { GroupWriter } from './group-writer.js';
import type { BusPorts } from '../system-ports.js';
import { openDatabase, type Database } from './level-database.js';
import { LevelRecords } from './level-records.js';
import { LevelReads } from './level-reads.js';
import { LevelReopening } from './level-reopening.js';
import type { Storage, ValueStore } from './records.js';

/** Values of one space, under `v!<space>!<key>`. Keys hold no `!`. */
class LevelValues implements ValueStore {
  private readonly prefix: string;
  constructor(
    private readonly reads: LevelReads,
    private readonly writer: GroupWriter,
    space: string,
  ) {
    this.prefix = `v!${space}!`;
  }

  async entries(): Promise<readonly (readonly [string, Uint8Array])[]> {
    const found = await this.reads.read((database) => database.iterator({ gte: this.prefix, lt: `${this.prefix}\uffff` }).all());
    return found.map(([key, value]) => [key.slice(this.prefix.length), value] as const);
  }

  put(key: string, bytes: Uint8Array): Promise<void> {
    return this.writer.write([{ type: 'put', key: this.prefix + key, value: bytes }]);
  }
}

/**
 * Streams and state in LevelDB: every write is one atomic batch in its log, and a log torn by a kill ends at its last
 * whole batch when it is opened again. After a write that failed it is opened again as soon as the directory can be written.
 * @throws ParallaxError `STORE_FAILED`.
 */
export async function openLevelStorage(directory: string, synchronise: boolean, timers: BusPorts['timers']): Promise<Storage> {
  return levelStorage(await openDatabase(directory), directory, synchronise, timers);
}

export function levelStorage(
  database: Database, directory: string, synchronise: boolean, timers: BusPorts['timers'], probe?: (directory: string) => Promise<void>,
): Storage {
  const reads = new LevelReads(database);
  const reopening = new LevelReopening(database, reads, directory, timers, () => writer.resume(), probe);
  const writer: GroupWriter = new GroupWriter(database, synchronise, (failure) => reopening.begin(failure));
  return {
    attach: (owner) => void (reopening.owner = owner),
    records: (stream) => new LevelRecords(reads, writer, stream),
    values: (space) => new LevelValues(reads, writer, space),
    close: async () => {
      await reopening.stop();
      await writer.whenIdle();
      await reads.without(() => database.close());
    },
  };
}
