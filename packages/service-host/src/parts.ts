import type { ServiceHealth } from '@parallax/types';

/** What the controllers of one hosted service work with. */
export class HostParts {
  constructor(readonly health: () => ServiceHealth) {}
}
