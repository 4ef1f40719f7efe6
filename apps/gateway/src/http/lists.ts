import type { Collection, Page } from '../core/collection.js';
import { Problem } from './problem.js';

const ROWS = 100;

interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** A page of a collection; a cursor that is not its own is the caller's mistake. */
export function pageOf<T>(collection: Collection<T>, query: PageQuery, filter: (value: T) => boolean): Page<T> {
  const page = collection.page(filter, query.limit ?? ROWS, query.cursor);
  if (page === null) throw new Problem(400, 'INPUT_REFUSED', 'cursor: is not one that this list gave', 'cursor');
  return page;
}

/** True where a filter is left out or equal. */
export const matches = <T>(wanted: T | undefined, found: T): boolean => wanted === undefined || wanted === found;
