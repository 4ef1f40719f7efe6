import { contractOf, Money, moneyText } from '@parallax/money';
import { ParallaxError, scaledFromText, type InstrumentSpecification, type RefusedOutcome, type VenueOrderRequest } from '@parallax/types';

export interface CheckedOrder {
  readonly price: number;
  readonly size: number;
}

/** Reads the numbers of a request at the instrument's scales and checks the smallest order value, exactly. */
export function checkOrder(specification: InstrumentSpecification, request: VenueOrderRequest): CheckedOrder | RefusedOutcome {
  let price: number;
  let size: number;
  try {
    price = scaledFromText(request.price, specification.priceScale);
    size = scaledFromText(request.size, specification.sizeScale);
  } catch (error) {
    if (!(error instanceof ParallaxError)) throw error;
    return { kind: 'rejected', code: 'NUMBER_REFUSED', detail: error.message };
  }
  const contract = contractOf(specification);
  const of = [new Money(request.price), new Money(request.size)] as const;
  if (!contract.isWorthPlacing(...of)) {
    const detail = `the order's value ${moneyText(contract.settled(...of))} is below the minimum ${specification.minimumNotional}`;
    return { kind: 'rejected', code: 'BELOW_MINIMUM_NOTIONAL', detail };
  }
  return { price, size };
}
