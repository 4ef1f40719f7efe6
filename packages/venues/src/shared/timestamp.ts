import { MISS, type ByteScanner } from './scan.js';
import { FrameFault, textAt } from './plain.js';

/**
 * RFC 3339 times in UTC (`2026-08-09T21:05:48.228568804Z`) as microseconds; finer digits are cut off. Only the form that
 * venues send: capital `T` and `Z`, up to nine decimals, no leap second, years 1970 to 2199.
 */
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;
const DAY_US = 86_400e6;
const ZERO = 0x30;

/** The plain reading. */
export function timestampAt(value: unknown, place: string): number {
  const text = textAt(value, place);
  const match = RFC3339.exec(text);
  if (!match) throw new FrameFault(`"${text}" is no UTC time`, place);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  const sane = new Date(milliseconds).toISOString().startsWith(text.slice(0, 19));
  if (!sane || year < 1970 || year > 2199) throw new FrameFault(`"${text}" is no UTC time`, place);
  return milliseconds * 1000 + Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
}

/** The same from bytes, for scan paths. Remembers the last date, which hardly ever changes. */
export class TimestampScanner {
  private readonly date = new Uint8Array(10);
  private dateUs = MISS;

  /** Reads a time in quotes and moves past it, or returns {@link MISS} and stays. */
  quoted(scanner: ByteScanner): number {
    const { bytes, at, end } = scanner;
    if (at + 22 > end || bytes[at] !== 0x22) return MISS;
    const dateUs = this.dateAt(bytes, at + 1);
    if (dateUs === MISS || bytes[at + 11] !== 0x54 || bytes[at + 14] !== 0x3a || bytes[at + 17] !== 0x3a) return MISS;
    const hour = two(bytes, at + 12);
    const minute = two(bytes, at + 15);
    const second = two(bytes, at + 18);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return MISS;
    let next = at + 20;
    let fraction = 0;
    if (bytes[next] === 0x2e) {
      const first = ++next;
      let digit = next < end ? bytes[next] - ZERO : -1;
      while (digit >= 0 && digit <= 9) {
        if (next - first < 6) fraction = fraction * 10 + digit;
        digit = ++next < end ? bytes[next] - ZERO : -1;
      }
      if (next === first || next - first > 9) return MISS;
      for (let missing = 6 - (next - first); missing > 0; missing--) fraction *= 10;
    }
    if (next + 1 >= end || bytes[next] !== 0x5a || bytes[next + 1] !== 0x22) return MISS;
    scanner.at = next + 2;
    return dateUs + ((hour * 60 + minute) * 60 + second) * 1e6 + fraction;
  }

  private dateAt(bytes: Uint8Array, at: number): number {
    const { date } = this;
    let same = true;
    for (let i = 9; i >= 0; i--) {
      if (date[i] !== bytes[at + i]) {
        same = false;
        break;
      }
    }
    if (same) return this.dateUs;
    const year = two(bytes, at) * 100 + two(bytes, at + 2);
    const month = two(bytes, at + 5);
    const day = two(bytes, at + 8);
    if (two(bytes, at) < 0 || two(bytes, at + 2) < 0 || bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d) return MISS;
    if (year < 1970 || year > 2199 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return MISS;
    date.set(bytes.subarray(at, at + 10));
    this.dateUs = daysBefore(year, month, day) * DAY_US;
    return this.dateUs;
  }
}

function two(bytes: Uint8Array, at: number): number {
  const high = bytes[at] - ZERO;
  const low = bytes[at + 1] - ZERO;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : MISS * 10_000;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysOf = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : LENGTHS[month - 1]);

/** Days from 1970-01-01 to this date. */
function daysBefore(year: number, month: number, day: number): number {
  const past = year - 1;
  let days = (year - 1970) * 365 + day - 1;
  days += Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 477;
  for (let earlier = 1; earlier < month; earlier++) days += daysOf(year, earlier);
  return days;
}
