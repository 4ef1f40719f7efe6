import type { GatewayCore } from '../core/gateway-core.js';
import type { DeadLetters } from '../core/dead-letters.js';
import type { BookReader } from '../feed/book-reader.js';
import type { FillList } from '../feed/fill-list.js';
import type { HaltControl } from '../feed/halt-control.js';
import type { Lists } from './lists.js';
import type { Readiness } from './readiness.js';

/** What the controllers work with; the service makes it, Nest hands it round. */
export class GatewayParts {
  constructor(
    readonly core: GatewayCore,
    readonly deadLetters: DeadLetters,
    readonly lists: Lists,
    readonly books: BookReader,
    readonly fills: FillList,
    readonly halts: HaltControl,
    readonly readiness: Readiness,
    readonly nowUs: () => number,
  ) {}
}
