import { serverUs } from './clock.js';
import type { Store } from './store.js';

/** As long as this without a word, and nobody knows how it stands; who speaks does so once a second. */
export const SILENT_US = 5_000_000;

export const silenceUs = ({ atUs }: { readonly atUs: number }): number => serverUs() - atUs;
/** A time that lies further ahead than the way of a message may explain tells no age. */
const MOST_AHEAD_US = 1_000_000;
export const isAhead = (of: { readonly atUs: number }): boolean => silenceUs(of) < -MOST_AHEAD_US;
export const isSilent = (of: { readonly atUs: number }): boolean => silenceUs(of) > SILENT_US || isAhead(of);

/** Whether a book is trusted is normalisation's word, which stands while normalisation is heard. */
export const trustIsTold = (store: Store): boolean => store.all('service').some((one) => one.service === 'normalisation' && !isSilent(one));
