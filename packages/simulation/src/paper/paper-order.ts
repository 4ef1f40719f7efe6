import { textOnStep, type InstrumentSpecification, type VenueFill, type VenueOrder, type VenueOrderRequest, type VenueOrderStatus } from '@parallax/types';

/** One order as the paper venue keeps it. */
export class PaperOrder {
  status: VenueOrderStatus = 'open';
  reason: string | null = null;
  filled = 0;
  readonly fills: VenueFill[] = [];

  constructor(
    readonly number: number,
    readonly request: VenueOrderRequest,
    readonly specification: InstrumentSpecification,
    readonly price: number,
    readonly size: number,
    public atUs: number,
  ) {}

  get venueOrderId(): string {
    return `${this.specification.venue}-paper-${this.number}`;
  }

  get side(): 1 | -1 {
    return this.request.side === 'buy' ? 1 : -1;
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
      filledSize: textOnStep(this.filled, this.specification.sizeScale, this.specification.sizeStep),
      fills: [...this.fills],
      reason: this.reason,
      atUs: this.atUs,
    };
  }
}
