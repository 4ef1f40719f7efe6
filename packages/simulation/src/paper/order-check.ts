import { ParallaxError, scaledFromText, type InstrumentSpecification, type RefusedOutcome, type VenueOrderRequest } from '@parallax/types';
import { Decimal } from 'decimal.js';

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
  const units = new Decimal(request.size).times(specification.contractSize);
  const value = specification.inverse ? units.div(request.price) : units.times(request.price);
  if (value.lessThan(specification.minimumNotional)) {
    const detail = `the order's value ${value.toFixed()} is below the minimum ${specification.minimumNotional}`;
    return { kind: 'rejected', code: 'BELOW_MINIMUM_NOTIONAL', detail };
  }
  return { price, size };
}
