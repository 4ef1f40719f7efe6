import { serverUs } from './clock.js';
import type { Store } from './store.js';

/** As long as this without a word, and nobody knows how it stands; who speaks does so once a second. */
export const SILENT_US = 5_000_000;

export const silenceUs = ({ atUs }: { readonly atUs: number }): number => serverUs() - atUs;
export const isSilent = (of: { readonly atUs: number }): boolean => silenceUs(of) > SILENT_US;

/** Whether a book is trusted is normalisation's word, which stands while normalisation is heard. */
export const trustIsTold = (store: Store): boolean => store.all('service').some((one) => one.service === 'normalisation' && !isSilent(one));
