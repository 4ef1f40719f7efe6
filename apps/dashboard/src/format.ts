import { wallUs } from './system-time.js';

/** Groups the whole digits of a decimal text by thousands; no digit is lost: numbers stay text. */
export function grouped(text: string): string {
  const [whole, fraction] = text.split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

/** Cuts trailing zeros and shows at most `decimals`, with `…` never: what is cut is beyond what a table can show. */
export function short(text: string, decimals: number): string {
  const [whole, fraction = ''] = text.split('.');
  const kept = fraction.slice(0, decimals).replace(/0+$/, '');
  return grouped(kept === '' ? whole : `${whole}.${kept}`);
}

/** Money for reading: two decimals, sign always shown where `signed`. */
export function money(text: string, signed = false): string {
  const value = Number(text);
  const shown = grouped(Math.abs(value).toFixed(2));
  if (value < 0) return `−${shown}`;
  return signed && value > 0 ? `+${shown}` : shown;
}

export function age(us: number): string {
  if (!Number.isFinite(us)) return '–';
  const milliseconds = Math.max(0, us) / 1000;
  if (milliseconds < 1000) return `${Math.round(milliseconds / 10) * 10} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

export const microseconds = (us: number): string => (us < 1000 ? `${Math.round(us)} µs` : `${(us / 1000).toFixed(1)} ms`);

// Not the browser's own language: the page speaks English, and of some systems that is a tag Intl refuses.
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
export const timeOf = (us: number): string => clock.format(new Date(us / 1000));
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
export const dayOf = (us: number): string => day.format(new Date(us / 1000));

/** A time of today by the clock, an earlier one with its day. */
export const momentOf = (us: number): string => {
  const isToday = new Date(us / 1000).toDateString() === new Date(wallUs() / 1000).toDateString();
  return isToday ? timeOf(us) : `${dayOf(us)}, ${timeOf(us)}`;
};
