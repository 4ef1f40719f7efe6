import type { OrderState } from '@parallax/types';

/**
 * abandon: decided against before it was sent. send: handed to the door. The others are the venue's word, but for
 * requestCancel, which is ours.
 */
export type OrderEvent =
  | 'abandon' | 'send' | 'accept' | 'reject' | 'partialFill' | 'fill' | 'requestCancel' | 'cancel' | 'expire';

/** state × event → state; what is not in it is refused and counted. */
export const ORDER_TABLE: Readonly<Record<OrderState, Readonly<Partial<Record<OrderEvent, OrderState>>>>> = {
  created: { send: 'sending', abandon: 'expired' },
  sending: {
    send: 'sending', accept: 'open', reject: 'rejected', partialFill: 'partiallyFilled', fill: 'filled',
    requestCancel: 'cancelling', cancel: 'cancelled', expire: 'expired',
  },
  open: {
    partialFill: 'partiallyFilled', fill: 'filled', requestCancel: 'cancelling', cancel: 'cancelled', expire: 'expired',
  },
  partiallyFilled: {
    partialFill: 'partiallyFilled', fill: 'filled', requestCancel: 'cancelling', cancel: 'cancelled', expire: 'expired',
  },
  cancelling: {
    partialFill: 'cancelling', fill: 'filled', cancel: 'cancelled', expire: 'expired', reject: 'rejected',
  },
  filled: {},
  cancelled: {},
  rejected: {},
  expired: {},
};

/** The state after the event, or null where the event may not happen. */
export function nextState(state: OrderState, event: OrderEvent): OrderState | null {
  return ORDER_TABLE[state][event] ?? null;
}
