import type { Collection, Page } from '../core/collection.js';
import { Problem } from './problem.js';

const ROWS = 100;

interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** A list that is read from somewhere else than memory. */
interface StoredList<T> {
  page(filter: (value: T) => boolean, limit: number, cursor?: string): Promise<Page<T> | null>;
}

/** A page of a collection; a cursor that is not its own is the caller's mistake. */
export function pageOf<T>(collection: Collection<T>, query: PageQuery, filter: (value: T) => boolean): Page<T> {
  return known(collection.page(filter, query.limit ?? ROWS, query.cursor));
}

/** As {@link pageOf}. */
export async function pageFrom<T>(list: StoredList<T>, query: PageQuery, filter: (value: T) => boolean): Promise<Page<T>> {
  return known(await list.page(filter, query.limit ?? ROWS, query.cursor));
}

function known<T>(page: Page<T> | null): Page<T> {
  if (page === null) throw new Problem(400, 'INPUT_REFUSED', 'cursor: is not one that this list gave', 'cursor');
  return page;
}

/** True where a filter is left out or equal. */
export const matches = <T>(wanted: T | undefined, found: T): boolean => wanted === undefined || wanted === found;
