import type { ServiceHealth, VenueHealth } from '@parallax/types';
import { serverUs } from '../clock.js';
import { make, setClass, setText, type Row } from '../dom.js';
import { age, microseconds } from '../format.js';
import { isAhead, isSilent, silenceUs } from '../heard.js';

const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;

function card(): { element: HTMLElement; tag: HTMLElement; name: HTMLElement; facts: HTMLElement; trouble: HTMLElement } {
  const tag = make('span', 'tag');
  const name = make('strong');
  const facts = make('span', 'dim facts');
  const trouble = make('span', 'trouble');
  return { element: make('li', 'line health', tag, name, facts, trouble), tag, name, facts, trouble };
}

/** `isHeard`: whether anybody is; else what is shown is what was. */
export function venueRow(isHeard: () => boolean): Row<VenueHealth> {
  const { element, tag, name, facts, trouble } = card();
  return {
    element,
    update: (venue) => {
      const silentUs = silenceUs(venue);
      const untrusted = venue.symbols.filter(({ trust }) => trust !== 'synced');
      // What may still come for the first time, and what the venue does not list, is no trouble of it.
      const missing = (venue.feed?.missing ?? []).filter(({ state, sinceUs }) => state !== 'unlisted' && sinceUs !== null);
      const isPart = untrusted.length > 0 || missing.length > 0;
      const [word, tone] = !venue.connected ? ['down', 'bad'] : isSilent(venue) ? ['silent', 'bad'] : isPart ? ['partly', 'warn'] : ['up', 'good'];
      setText(tag, isHeard() ? word : 'unknown');
      setClass(tag, isHeard() ? `tag ${tone}` : 'tag');
      setText(name, venue.venue);
      const offset = venue.clockOffsetUs === null ? '' : `, clock ${venue.clockOffsetUs < 0 ? '−' : '+'}${microseconds(Math.abs(venue.clockOffsetUs))}`;
      const rate = venue.framesPerSecond === null ? '' : `${Math.round(venue.framesPerSecond)} frames/s on `;
      const frames = rate + counted(venue.connections, 'connection');
      const slips = [counted(venue.reconnects ?? 0, 'reconnect'), counted(venue.deadLetters ?? 0, 'dead letter')].filter((text) => !text.startsWith('0'));
      setText(facts, [frames + offset, ...slips].join(', '));
      const silent = isAhead(venue) ? 'its time lies ahead of the gateway’s clock' : isSilent(venue) ? `nothing heard for ${age(silentUs)}` : '';
      const troubles = [...missing.map(({ symbol, feeds, state }) => `${symbol} ${feeds.join(' and ')} ${state}, nothing heard`), ...untrusted.map(({ symbol, trust, cause }) => `${symbol} ${trust} (${cause})`)];
      const more = troubles.length > 4 ? ` and ${troubles.length - 4} more` : '';
      setText(trouble, silent || troubles.slice(0, 4).join(', ') + more);
    },
  };
}

/** As {@link venueRow}. */
export function serviceRow(isHeard: () => boolean): Row<ServiceHealth> {
  const { element, tag, name, facts, trouble } = card();
  return {
    element,
    update: (service) => {
      const silentUs = silenceUs(service);
      const silent = isSilent(service);
      const [word, tone] = silent ? ['silent', 'bad'] : service.ready ? ['ready', 'good'] : [service.standsBy ? 'stands by' : 'not ready', 'warn'];
      setText(tag, isHeard() ? word : 'unknown');
      setClass(tag, isHeard() ? `tag ${tone}` : 'tag');
      setText(name, service.service);
      const times = Object.entries(service.latencies).slice(0, 2).map(([stage, { p50, p99 }]) => `${stage.replaceAll('-', ' ')} p50 ${microseconds(p50)}, p99 ${microseconds(p99)}`);
      setText(facts, times.length > 0 ? times.join('; ') : `up ${age(serverUs() - service.startedAtUs)}`);
      setText(trouble, isAhead(service) ? 'its clock is ahead, so that how old its word is cannot be told' : silent ? `nothing heard for ${age(silentUs)}` : service.missing.join(', '));
    },
  };
}
