import { ParallaxError } from '@parallax/types';

/** Older servers ignore times to live and other settings without a word. */
export const OLDEST_SERVER = '2.14.0';

const numbersOf = (version: string): number[] => version.split(/[.-]/).slice(0, 3).map(Number);

/** @throws ParallaxError `BUS_SERVER_TOO_OLD` also for a version that cannot be read. */
export function checkServerVersion(version: string): void {
  const found = numbersOf(version);
  const needed = numbersOf(OLDEST_SERVER);
  for (let at = 0; at < needed.length; at++) {
    if (found[at] > needed[at]) return;
    if (found[at] === needed[at]) continue;
    throw new ParallaxError('BUS_SERVER_TOO_OLD', `nats-server ${version} is too old: ${OLDEST_SERVER} or newer is needed`);
  }
}
