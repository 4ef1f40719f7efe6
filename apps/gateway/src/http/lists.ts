import { createHash } from 'node:crypto';
import { Problem } from '@parallax/service-host';
import type { Collection, Page } from '../core/collection.js';

const ROWS = 100;
const MARK = /^([\w-]{16})\.(.+)$/;

interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** A list that is read from somewhere else than memory. */
interface StoredList<T> {
  page(filter: (value: T) => boolean, limit: number, cursor?: string): Promise<Page<T> | null>;
}

/**
 * Pages of the lists. A cursor belongs to its list and its filter, and where the list is kept in memory to this start, as places in
 * it begin anew then: on any other it would be a wrong page that looks right. So it carries a mark of them.
 */
export class Lists {
  /** `start` names this start of the gateway. */
  constructor(private readonly start: string) {}

  /** @throws Problem 400 for a cursor that is not of this list, this filter and this start. */
  page<T>(list: string, collection: Collection<T>, query: PageQuery, filter: (value: T) => boolean): Page<T> {
    const mark = markOf([list, this.start], query);
    return marked(collection.page(filter, query.limit ?? ROWS, placeIn(query.cursor, mark)), mark);
  }

  /** As {@link page}, of any start: places in a stream stay. */
  async pageFrom<T>(list: string, stored: StoredList<T>, query: PageQuery, filter: (value: T) => boolean): Promise<Page<T>> {
    const mark = markOf([list], query);
    return marked(await stored.page(filter, query.limit ?? ROWS, placeIn(query.cursor, mark)), mark);
  }
}

/** How many rows a page has may change on the way. */
function markOf(of: readonly string[], query: PageQuery): string {
  const isFilter = ([name, value]: [string, unknown]): boolean => name !== 'limit' && name !== 'cursor' && value !== undefined;
  const given = Object.entries(query).filter(isFilter).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify([of, given])).digest('base64url').slice(0, 16);
}

function placeIn(cursor: string | undefined, mark: string): string | undefined {
  if (cursor === undefined) return undefined;
  const found = MARK.exec(cursor);
  if (found === null || found[1] !== mark) throw foreign();
  return found[2];
}

function marked<T>(page: Page<T> | null, mark: string): Page<T> {
  if (page === null) throw foreign();
  return page.cursor === null ? page : { ...page, cursor: `${mark}.${page.cursor}` };
}

const foreign = (): Problem => new Problem(
  400, 'INPUT_REFUSED', 'cursor: is not one that this list gave for this filter since the gateway started; read the list from its beginning', 'cursor',
);

/** True where a filter is left out or equal. */
export const matches = <T>(wanted: T | undefined, found: T): boolean => wanted === undefined || wanted === found;
