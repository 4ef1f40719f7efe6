import { ParallaxError } from '@parallax/types';
import { crc32 } from 'node:zlib';
import type { JournalRecord } from './journal.js';

/** The first line of a journal. */
export interface JournalHeading {
  /** Names the journal for ever, however often it is written anew. */
  readonly journal: string;
  readonly venue: string;
  /** Counts how often it was: lines of two of its chains do not follow from each other. */
  readonly chain: number;
}

/**
 * Writes the lines of a journal: `<number> <crc32 in hex> <JSON>`. The number counts from 1; the checksum is that of all
 * numbers and contents up to there, so that a line that was lost, doubled, moved or changed is found, and which one. What
 * is written at once is one line, so that a crash keeps it whole or not at all.
 */
export class JournalChain {
  constructor(private count = 0, private sum = 0) {}

  /** Where it has come to. */
  get end(): Pick<JournalReach, 'lines' | 'checksum'> {
    return { lines: this.count, checksum: textOf(this.sum) };
  }

  line(content: JournalHeading | readonly JournalRecord[]): string {
    const json = JSON.stringify(content);
    this.sum = follow(this.sum, ++this.count, json);
    return `${this.count} ${textOf(this.sum)} ${json}\n`;
  }
}

/**
 * How far a journal was known to go. A chain cannot tell that its last lines are gone, nor that it is an older copy: who
 * opens it later compares.
 */
export interface JournalReach extends Pick<JournalHeading, 'journal' | 'chain'> {
  readonly lines: number;
  /** Of the last of them. */
  readonly checksum: string;
}

export interface ReadJournal {
  /** Null for a journal of the form that had none, and for an empty one. */
  readonly heading: JournalHeading | null;
  readonly records: JournalRecord[];
  /** How much of the file to keep before appending. */
  readonly validBytes: number;
  /** Goes on where the text ends. */
  readonly chain: JournalChain;
}

/** `<crc32 in hex> <JSON>`: the form before lines were numbered, each checked by itself. */
const OLD_LINE = /^[0-9a-f]{8} \[/;
const LINE = /^(\d+) ([0-9a-f]{8}) (.*)$/s;

/**
 * Reads a journal's text. A last line without its end, what a crash leaves, is dropped. `least` is how far it must go, where
 * that is known.
 * @throws ParallaxError `STORE_FAILED` with the number of the first line that is not what was written there.
 */
export function readJournal(bytes: Uint8Array, least: JournalReach | null = null): ReadJournal {
  const lines = new Lines(bytes);
  return OLD_LINE.test(lines.peek()) ? readOld(lines) : readChain(lines, least);
}

/** Walks whole lines, and knows where it stands. */
class Lines {
  /** Of the line that {@link next} gave last. */
  number = 0;
  /** Up to here the lines are whole. */
  validBytes = 0;
  private begin = 0;
  private readonly decoder = new TextDecoder();

  constructor(private readonly bytes: Uint8Array) {}

  peek(): string {
    return this.decoder.decode(this.bytes.subarray(0, 10));
  }

  next(): string | null {
    const end = this.bytes.indexOf(10, this.validBytes);
    if (end < 0) return null;
    const text = this.decoder.decode(this.bytes.subarray(this.validBytes, end));
    this.begin = this.validBytes;
    this.validBytes = end + 1;
    this.number++;
    return text;
  }

  /** The last line is no whole one after all. */
  takeBack(): void {
    this.validBytes = this.begin;
    this.number--;
  }

  get atEnd(): boolean {
    return this.validBytes === this.bytes.length;
  }
}

function readChain(lines: Lines, least: JournalReach | null): ReadJournal {
  let heading: JournalHeading | null = null;
  const records: JournalRecord[] = [];
  let checksum = 0;
  for (let text = lines.next(); text !== null; text = lines.next()) {
    const [, number, sum, json] = LINE.exec(text) ?? refuse(lines, 'is no line of a journal');
    if (Number(number) > lines.number) refuse(lines, `carries the number ${number}: what stood before it is lost or was moved`);
    if (Number(number) < lines.number) refuse(lines, `carries the number ${number}: it stands there twice, or was moved`);
    checksum = follow(checksum, lines.number, json);
    if (sum !== textOf(checksum)) refuse(lines, 'was changed, or does not follow from the line before it');
    const content = JSON.parse(json) as JournalHeading | JournalRecord[];
    if (Array.isArray(content) === (lines.number === 1)) refuse(lines, 'is out of place: the first line, and no other, is the heading');
    if (Array.isArray(content)) records.push(...content);
    else heading = content;
    if (least && isSameChain(heading, least) && lines.number === least.lines && sum !== least.checksum) refuse(lines, 'is another than was written there');
  }
  if (least && heading?.journal === least.journal) refuseShorter(lines, heading, least);
  return { heading, records, validBytes: lines.validBytes, chain: new JournalChain(lines.number, checksum) };
}

const isSameChain = (heading: JournalHeading | null, { journal, chain }: JournalReach): boolean => heading?.journal === journal && heading.chain === chain;

function refuseShorter(lines: Lines, { chain }: JournalHeading, least: JournalReach): void {
  if (chain > least.chain || (chain === least.chain && lines.number >= least.lines)) return;
  lines.number++;
  if (chain === least.chain) refuse(lines, `is lost, and all up to line ${least.lines}`);
  refuse(lines, 'is missing: this is a copy of before the journal was written anew');
}

function readOld(lines: Lines): ReadJournal {
  const records: JournalRecord[] = [];
  for (let text = lines.next(); text !== null; text = lines.next()) {
    const json = text.slice(9);
    if (text.slice(0, 8) !== textOf(crc32(json))) {
      if (!lines.atEnd) refuse(lines, 'is damaged');
      lines.takeBack();
      break;
    }
    records.push(...(JSON.parse(json) as JournalRecord[]));
  }
  return { heading: null, records, validBytes: lines.validBytes, chain: new JournalChain() };
}

function refuse({ number }: Lines, reason: string): never {
  throw new ParallaxError('STORE_FAILED', `line ${number} of the journal ${reason}`, { place: `line ${number}` });
}

const follow = (checksum: number, number: number, json: string): number => crc32(`${number} ${json}`, checksum);

const textOf = (checksum: number): string => checksum.toString(16).padStart(8, '0');
