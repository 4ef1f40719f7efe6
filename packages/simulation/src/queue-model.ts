/**
 * Where a resting order stands in the queue of its price cannot be seen; a model estimates it. `front` is the size that
 * must trade or go before ours is reached. Trades always shorten the front (the venue serves first come, first served);
 * models differ in what a decrease without a trade, a cancellation by someone, took away. The split into these named
 * models follows hftbacktest's documentation ("Queue Models").
 */
export interface QueueModel {
  readonly name: string;
  /** The new front, an integer from 0 to `after`, when a level went from `before` to `after` by `cancelled` > 0. */
  afterCancellation(front: number, before: number, after: number, cancelled: number): number;
}

/** Every cancellation happened behind us: the front shortens by trades alone, and by the level's own size. */
export const riskAverseQueue: QueueModel = {
  name: 'risk-averse',
  afterCancellation: (front, _before, after) => Math.min(front, after),
};

/**
 * A cancellation is behind us with probability f(back) / (f(back) + f(front)), f(x) = x^exponent; the front shortens by
 * the expected part. A higher exponent puts more of the cancellations into the longer part of the queue.
 */
export function probabilisticQueue(exponent = 3): QueueModel {
  return {
    name: `probabilistic-${exponent}`,
    afterCancellation(front, before, after, cancelled) {
      const back = Math.max(0, before - front);
      if (back === 0) return Math.max(0, Math.min(front - cancelled, after));
      const weightBack = back ** exponent;
      const behind = weightBack / (weightBack + front ** exponent);
      // What the back cannot have lost, because it is not that long, must have left the front.
      const lostInFront = Math.max((1 - behind) * cancelled, cancelled - back);
      return Math.max(0, Math.min(Math.ceil(front - lostInFront), after));
    },
  };
}
