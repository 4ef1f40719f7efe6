/** Where a JSON value stands in its text, so that a mutation can cut and splice without rewriting the rest. */
export interface Node {
  readonly kind: 'object' | 'list' | 'string' | 'number' | 'word';
  readonly from: number;
  readonly to: number;
  /** Values of a list, or of an object's members. */
  readonly children: Node[];
  /** Of an object's members: where each begins, with its key. */
  readonly members: { readonly from: number; readonly keyTo: number; readonly key: string }[];
}

/** The tree of a text that is known to be JSON. */
export function treeOf(text: string): Node {
  let at = 0;
  const space = (): void => {
    while (' \t\r\n'.includes(text[at]) && at < text.length) at++;
  };
  const string = (): void => {
    for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
    at++;
  };
  const value = (): Node => {
    space();
    const from = at;
    const children: Node[] = [];
    const members: Node['members'] = [];
    const first = text[at];
    if (first === '{' || first === '[') {
      const close = first === '{' ? '}' : ']';
      at++;
      space();
      while (text[at] !== close) {
        space();
        if (first === '{') {
          const start = at;
          string();
          members.push({ from: start, keyTo: at, key: text.slice(start + 1, at - 1) });
          space();
          at++;
        }
        children.push(value());
        space();
        if (text[at] === ',') at++;
        space();
      }
      at++;
      return { kind: first === '{' ? 'object' : 'list', from, to: at, children, members };
    }
    if (first === '"') {
      string();
      return { kind: 'string', from, to: at, children, members };
    }
    const pattern = /[-+.\w]+/y;
    pattern.lastIndex = at;
    at += pattern.exec(text)?.[0].length ?? 1;
    return { kind: /[\d-]/.test(first) ? 'number' : 'word', from, to: at, children, members };
  };
  return value();
}

/** All nodes of a tree, the root first. */
export function nodesOf(root: Node): Node[] {
  const nodes = [root];
  for (let i = 0; i < nodes.length; i++) for (const child of nodes[i].children) nodes.push(child);
  return nodes;
}
