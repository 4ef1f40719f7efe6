import type { Bus } from '@parallax/bus';
import { withFeed, type DeadLetter, type HttpClient, type Timers, type VenueFeed, type VenueHealth } from '@parallax/types';
import { BUCKETS, deadLetterSchema, decodeJson, instrumentSpecificationSchema, subjects, venueFeedSchema, venueHealthSchema } from '@parallax/wire';
import { instrumentKeyInState } from '@parallax/runtime';
import { z } from 'zod';
import { askGateway, listFromGateway } from '../gateway/client.js';
import { readLetters } from '../deadletters/letters.js';

/** Normalisation and ingestion tell once a second how a venue is. */
const HEALTH_WITHIN_MS = 3_500;
const OTHER_WITHIN_MS = 1_500;
const LETTERS_SHOWN = 5;

/** Health of all venues as the gateway knows it. @throws ParallaxError `SERVICE_MISSING`. */
export async function healthFromGateway(http: HttpClient, gateway: string): Promise<readonly VenueHealth[]> {
  return (await askGateway(http, gateway, '/api/v1/health', z.looseObject({ venues: z.array(venueHealthSchema) }))).venues;
}

/** The newest dead letters of the symbol as the gateway keeps them, oldest first. @throws ParallaxError `SERVICE_MISSING`. */
export async function lettersFromGateway(http: HttpClient, gateway: string, venue: string, symbol: string): Promise<readonly DeadLetter[]> {
  return (await listFromGateway(http, gateway, '/api/v1/dead-letters', { venue, symbol }, deadLetterSchema, LETTERS_SHOWN)).toReversed();
}

/**
 * The next word of normalisation and of ingestion on a venue, put together; of one alone where the other says nothing
 * within a second and a half of it. Null when neither speaks.
 */
export function healthFromBus(bus: Bus, timers: Timers, venue: string): Promise<VenueHealth | null> {
  return new Promise((resolve) => {
    let health: VenueHealth | undefined;
    let feed: VenueFeed | undefined;
    const cancels = [timers.after(HEALTH_WITHIN_MS, end)];
    const subscriptions = [
      bus.subscribe(subjects.venueHealth(venue), ({ bytes }) => heard((health = decodeJson(venueHealthSchema, bytes)))),
      bus.subscribe(subjects.venueFeed(venue), ({ bytes }) => heard((feed = decodeJson(venueFeedSchema, bytes)))),
    ];
    function heard(_word: VenueHealth | VenueFeed): void {
      if (health && feed) end();
      else if (cancels.length === 1) cancels.push(timers.after(OTHER_WITHIN_MS, end));
    }
    function end(): void {
      for (const cancel of cancels) cancel();
      for (const subscription of subscriptions) subscription.unsubscribe();
      resolve(feed ? withFeed(health, feed) : (health ?? null));
    }
  });
}

/** The newest dead letters of the symbol; of those whose symbol could not be told, what names it as the venue writes it. */
export async function lettersOf(bus: Bus, venue: string, symbol: string): Promise<readonly DeadLetter[]> {
  const entry = await bus.state(BUCKETS.instruments).get(instrumentKeyInState(venue, symbol));
  if (!entry?.bytes) return [];
  const { venueSymbol } = decodeJson(instrumentSpecificationSchema, entry.bytes);
  const wanted = `"${venueSymbol.toLowerCase()}`;
  const found: DeadLetter[] = [];
  for await (const { letter } of readLetters(bus, venue)) {
    if (letter.symbol === symbol || (letter.symbol === null && letter.text.toLowerCase().includes(wanted))) found.push(letter);
    if (found.length > LETTERS_SHOWN) found.shift();
  }
  return found;
}
