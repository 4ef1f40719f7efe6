import { moneyText, ZERO } from '@parallax/money';
import type { InstrumentSpecification, VenueFill, VenueOrder, VenueOrderRequest, VenueOrderStatus } from '@parallax/types';

/** One order as the paper venue keeps it. */
export class PaperOrder {
  status: VenueOrderStatus = 'open';
  reason: string | null = null;
  /** In the venue's unit. */
  filledSize = ZERO;
  /** What it is matched by; null where it came back from a journal closed. */
  specification: InstrumentSpecification | null = null;
  readonly fills: VenueFill[] = [];

  constructor(
    readonly number: number,
    readonly venue: string,
    readonly request: VenueOrderRequest,
    public atUs: number,
  ) {}

  get clientId(): string {
    return this.request.clientId;
  }

  get venueOrderId(): string {
    return `${this.venue}-paper-${this.number}`;
  }

  get side(): 1 | -1 {
    return this.request.side === 'buy' ? 1 : -1;
  }

  take(fill: VenueFill): void {
    this.fills.push(fill);
    this.filledSize = this.filledSize.plus(fill.size);
    this.atUs = fill.atUs;
  }

  snapshot(): VenueOrder {
    return {
      clientId: this.request.clientId,
      venueOrderId: this.venueOrderId,
      account: this.request.account,
      symbol: this.request.symbol,
      side: this.request.side,
      price: this.request.price,
      size: this.request.size,
      status: this.status,
      filledSize: moneyText(this.filledSize),
      fills: [...this.fills],
      reason: this.reason,
      atUs: this.atUs,
    };
  }
}
