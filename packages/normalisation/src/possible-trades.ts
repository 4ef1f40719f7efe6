import type { TradesUpdate } from '@parallax/venues';
import { isPossibleTime } from './clock-offset.js';

/** Takes the trades of a time that cannot be out of an update, in place; returns how many they were. */
export function dropImpossibleTrades(update: TradesUpdate, receivedAtUs: number): number {
  const { count, exchangeAtUs } = update;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    if (!isPossibleTime(exchangeAtUs[i], receivedAtUs)) continue;
    if (kept < i) update.move(i, kept);
    kept++;
  }
  update.count = kept;
  return count - kept;
}
