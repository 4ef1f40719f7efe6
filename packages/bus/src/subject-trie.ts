/** Where a subscription hangs in the tree; `queue` undefined = it gets everything. */
export interface Subscribed {
  readonly pattern: string;
  readonly queue: string | undefined;
}

/** Who gets a subject: every one of `each`, and one member of every group. */
export interface Matched<T extends Subscribed> {
  readonly each: readonly T[];
  readonly groups: readonly (readonly T[])[];
}

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  readonly here: Set<T>;
}

const newNode = <T>(): Node<T> => ({ children: new Map(), here: new Set() });
const CACHED_SUBJECTS = 65_536;

/** Finds the subscriptions of a subject. Answers are remembered until somebody comes or goes. */
export class SubjectTrie<T extends Subscribed> {
  private readonly root: Node<T> = newNode();
  private cache = new Map<string, Matched<T>>();

  add(subscription: T): void {
    let node = this.root;
    for (const token of subscription.pattern.split('.')) {
      let child = node.children.get(token);
      if (child === undefined) node.children.set(token, (child = newNode()));
      node = child;
    }
    node.here.add(subscription);
    this.cache.clear();
  }

  remove(subscription: T): void {
    const path: { node: Node<T>; token: string }[] = [];
    let node = this.root;
    for (const token of subscription.pattern.split('.')) {
      const child = node.children.get(token);
      if (child === undefined) return;
      path.push({ node, token });
      node = child;
    }
    node.here.delete(subscription);
    for (const { node: parent, token } of path.toReversed()) {
      const child = parent.children.get(token);
      if (child !== undefined && child.here.size === 0 && child.children.size === 0) parent.children.delete(token);
    }
    this.cache.clear();
  }

  match(subject: string): Matched<T> {
    const known = this.cache.get(subject);
    if (known !== undefined) return known;
    const found: T[] = [];
    this.collect(this.root, subject.split('.'), 0, found);
    const matched = grouped(found);
    if (this.cache.size >= CACHED_SUBJECTS) this.cache.clear();
    this.cache.set(subject, matched);
    return matched;
  }

  private collect(node: Node<T>, tokens: readonly string[], at: number, found: T[]): void {
    if (at === tokens.length) {
      found.push(...node.here);
      return;
    }
    const rest = node.children.get('>');
    if (rest !== undefined) found.push(...rest.here);
    const any = node.children.get('*');
    if (any !== undefined) this.collect(any, tokens, at + 1, found);
    const exact = node.children.get(tokens[at]);
    if (exact !== undefined) this.collect(exact, tokens, at + 1, found);
  }
}

function grouped<T extends Subscribed>(found: readonly T[]): Matched<T> {
  const each: T[] = [];
  const groups = new Map<string, T[]>();
  for (const subscription of found) {
    if (subscription.queue === undefined) {
      each.push(subscription);
      continue;
    }
    const members = groups.get(subscription.queue);
    if (members === undefined) groups.set(subscription.queue, [subscription]);
    else members.push(subscription);
  }
  return { each, groups: [...groups.values()] };
}
