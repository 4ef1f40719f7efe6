import { nodesOf, treeOf, type Node } from './json-tree.js';
import type { SeededRandom } from './random.js';

/** What a mutation did to a frame, by name. The first group leaves JSON behind as a rule, the second hardly ever. */
export const JSON_MUTATIONS = [
  'digit', 'letter', 'remove', 'repeat', 'swap', 'move', 'exchange', 'replace', 'rename', 'unknown', 'space', 'large',
] as const;
export const BYTE_MUTATIONS = ['cut', 'byte', 'insert', 'delete', 'double', 'splice'] as const;
export type Mutation = (typeof JSON_MUTATIONS)[number] | (typeof BYTE_MUTATIONS)[number];

export interface Mutated {
  readonly mutation: Mutation;
  readonly bytes: Uint8Array;
  /** Whether the result is UTF-8 and JSON. */
  readonly isJson: boolean;
}

/** Changed digits and exchanged values come more often: they are the ones that a fast path may take for good. */
const WEIGHTED: readonly Mutation[] = [...JSON_MUTATIONS, 'digit', 'digit', 'digit', 'digit', 'exchange', 'exchange', 'swap', 'move', 'large', 'large', 'large', 'large'];
const encoder = new TextEncoder();
const STRICT = new TextDecoder('utf-8', { fatal: true });
const VALUES = [
  'null', 'true', 'false', '0', '-1', '1', '1.5', '""', '"0"', '"-1"', '"x"', '[]', '{}', '[[]]', '9007199254740993',
  '"9007199254740993"', '1e400', '1e-9', '"1e5"', '"0x10"', '" 1"', '"0.00000000000000000001"', '"\\u0031"', '-0',
];

/** Mutates real frames, seeded; half or more of the results are still JSON. */
export class Mutator {
  constructor(private readonly random: SeededRandom) {}

  /** One to three mutations of `frame`; `other` is a second frame to splice with. */
  mutate(frame: Uint8Array, other: Uint8Array): Mutated {
    const inJson = this.random.next() < 0.75;
    let mutation: Mutation = inJson ? this.random.pick(WEIGHTED) : this.random.pick(BYTE_MUTATIONS);
    let bytes = this.once(frame, other, mutation);
    for (let more = this.random.next(); more < 0.25; more = this.random.next()) {
      const next: Mutation = inJson ? this.random.pick(WEIGHTED) : this.random.pick(BYTE_MUTATIONS);
      bytes = this.once(bytes, other, next);
      mutation = next;
    }
    return { mutation, bytes, isJson: isJson(bytes) };
  }

  private once(frame: Uint8Array, other: Uint8Array, mutation: Mutation): Uint8Array {
    if ((JSON_MUTATIONS as readonly string[]).includes(mutation)) {
      const text = new TextDecoder().decode(frame);
      return isJson(frame) ? encoder.encode(this.inJson(text, mutation)) : this.inBytes(frame, other, 'byte');
    }
    return this.inBytes(frame, other, mutation);
  }

  private inJson(text: string, mutation: Mutation): string {
    const { random } = this;
    const nodes = nodesOf(treeOf(text));
    const leaves = nodes.filter((node) => node.kind === 'string' || node.kind === 'number');
    const parents = nodes.filter((node) => node.children.length > 0);
    const objects = parents.filter((node) => node.kind === 'object');
    if (leaves.length === 0 || parents.length === 0 || objects.length === 0) return text;
    const put = (from: number, to: number, words: string): string => text.slice(0, from) + words + text.slice(to);
    switch (mutation) {
      case 'digit':
        return this.character(text, random.pick(leaves), '0123456789');
      case 'large': {
        // Before the first digit of a decimal, so that it stays one: past 2^53 as a rule.
        const decimals = leaves.filter(({ from, to }) => /^"?\d+\.\d+"?$/.test(text.slice(from, to)));
        const leaf = random.pick(decimals.length > 0 ? decimals : leaves);
        const digit = leaf.from + Math.max(0, text.slice(leaf.from, leaf.to).search(/\d/));
        return put(digit, digit, Array.from({ length: 5 + random.below(16) }, () => 1 + random.below(9)).join(''));
      }
      case 'letter':
        return this.character(text, random.pick(leaves), 'abcXYZ-./ é');
      case 'remove': {
        const parts = this.parts(text, random.pick(parents));
        parts.words.splice(random.below(parts.words.length), 1);
        return put(parts.from, parts.to, parts.words.join(','));
      }
      case 'repeat': {
        const parts = this.parts(text, random.pick(parents));
        parts.words.splice(random.below(parts.words.length + 1), 0, random.pick(parts.words));
        return put(parts.from, parts.to, parts.words.join(','));
      }
      case 'swap': {
        const parts = this.parts(text, random.pick(parents));
        const [left, right] = [random.below(parts.words.length), random.below(parts.words.length)];
        [parts.words[left], parts.words[right]] = [parts.words[right], parts.words[left]];
        return put(parts.from, parts.to, parts.words.join(','));
      }
      case 'move': {
        const parts = this.parts(text, random.pick(parents));
        const [moved] = parts.words.splice(random.below(parts.words.length), 1);
        parts.words.splice(random.below(parts.words.length + 1), 0, moved);
        return put(parts.from, parts.to, parts.words.join(','));
      }
      case 'exchange': {
        const [left, right] = [random.pick(leaves), random.pick(leaves)].toSorted((a, b) => a.from - b.from);
        if (left === right) return text;
        const words = text.slice(left.from, left.to);
        return text.slice(0, left.from) + text.slice(right.from, right.to) + text.slice(left.to, right.from) + words + text.slice(right.to);
      }
      case 'replace': {
        const node = random.pick(nodes);
        return put(node.from, node.to, random.pick(VALUES));
      }
      case 'rename': {
        const member = random.pick(random.pick(objects).members);
        const other = random.pick(random.pick(objects).members);
        return put(member.from, member.keyTo, `"${random.next() < 0.5 ? other.key : `${member.key}x`}"`);
      }
      case 'unknown': {
        const object = random.pick(objects);
        const member = random.pick(object.members);
        return put(member.from, member.from, `"unknown":${random.pick(VALUES)},`);
      }
      case 'space': {
        const node = random.pick(nodes);
        return put(node.from, node.from, random.pick([' ', '\n', '\t', '  ']));
      }
      default:
        return text;
    }
  }

  /** The elements of a list or the members of an object as texts, and where they stand. */
  private parts(text: string, parent: Node): { from: number; to: number; words: string[] } {
    const starts = parent.kind === 'object' ? parent.members.map(({ from }) => from) : parent.children.map(({ from }) => from);
    const words = parent.children.map((child, index) => text.slice(starts[index], child.to));
    return { from: starts[0], to: parent.children[parent.children.length - 1].to, words };
  }

  /** Changes one character within a leaf. */
  private character(text: string, leaf: Node, alphabet: string): string {
    const from = leaf.kind === 'string' ? leaf.from + 1 : leaf.from;
    const length = (leaf.kind === 'string' ? leaf.to - 1 : leaf.to) - from;
    if (length === 0) return text;
    // Of a number only digits take another one, so that it stays a number as a rule.
    const digits = Array.from(text.slice(from, from + length).matchAll(/\d/g), ({ index }) => index);
    const at = from + (digits.length > 0 ? this.random.pick(digits) : this.random.below(length));
    return text.slice(0, at) + this.random.pick([...alphabet]) + text.slice(at + 1);
  }

  private inBytes(frame: Uint8Array, other: Uint8Array, mutation: Mutation): Uint8Array {
    const { random } = this;
    const at = random.below(frame.length + 1);
    const length = 1 + random.below(Math.min(40, frame.length));
    switch (mutation) {
      case 'cut':
        return frame.slice(0, at);
      case 'insert':
        return join(frame.slice(0, at), Uint8Array.of(random.below(256)), frame.slice(at));
      case 'delete':
        return join(frame.slice(0, at), frame.slice(at + length));
      case 'double':
        return join(frame.slice(0, at), frame.slice(at, at + length), frame.slice(at));
      case 'splice':
        return join(frame.slice(0, at), other.slice(random.below(other.length + 1)));
      default: {
        const copy = frame.slice();
        if (copy.length > 0) copy[random.below(copy.length)] = random.below(256);
        return copy;
      }
    }
  }
}

const join = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(STRICT.decode(bytes));
    return true;
  } catch {
    return false;
  }
}
