import type { StoredSpan } from '@parallax/telemetry';

/** A span with what hangs below it, earliest first. */
export interface TraceNode {
  readonly span: StoredSpan;
  readonly children: readonly TraceNode[];
}

/** Roots are spans without a parent here: one for a whole trace, more where spans are missing. */
export function treeOf(spans: readonly StoredSpan[]): TraceNode[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const nodesBelow = (parent: string | undefined): TraceNode[] =>
    spans
      .filter(({ parentSpanId }) => (parent === undefined ? parentSpanId === undefined || !ids.has(parentSpanId) : parentSpanId === parent))
      .sort((a, b) => a.startUs - b.startUs)
      .map((span) => ({ span, children: nodesBelow(span.spanId) }));
  return nodesBelow(undefined);
}

/** One line a span: service and name, start after the first, duration, attributes. */
export function treeText(roots: readonly TraceNode[]): string {
  const firstUs = Math.min(...roots.map(({ span }) => span.startUs));
  const rows: { head: string; start: string; took: string; rest: string }[] = [];
  const add = ({ span, children }: TraceNode, before: string, branch: string, below: string): void => {
    const links = (span.links ?? []).map(({ traceId }) => `link=${traceId}`);
    const error = span.error === undefined ? [] : [`error=${JSON.stringify(span.error)}`];
    const missing = branch === '' && span.parentSpanId !== undefined ? ['(its parent is missing)'] : [];
    const step = span.name.startsWith(`${span.service} `) ? span.name.slice(span.service.length + 1) : span.name;
    rows.push({
      head: `${before}${branch}${span.service} ${step}`, start: `+${durationText(span.startUs - firstUs)}`, took: durationText(span.endUs - span.startUs),
      rest: [...Object.entries(span.attributes ?? {}).map(([key, value]) => `${key.replace(/^parallax\./, '')}=${String(value)}`), ...links, ...error, ...missing].join(' '),
    });
    children.forEach((child, at) => {
      const last = at === children.length - 1;
      add(child, before + below, last ? '└─ ' : '├─ ', last ? '   ' : '│  ');
    });
  };
  for (const root of roots) add(root, '', '', '');
  const width = (of: 'head' | 'start' | 'took'): number => Math.max(...rows.map((row) => row[of].length));
  const [head, start, took] = [width('head'), width('start'), width('took')];
  return rows.map((row) => `${row.head.padEnd(head)}  ${row.start.padStart(start)}  ${row.took.padStart(took)}  ${row.rest}`.trimEnd()).join('\n');
}

/** Microseconds below a millisecond, milliseconds below a second. */
function durationText(us: number): string {
  if (us < 1_000) return `${us} µs`;
  if (us < 1_000_000) return `${(us / 1_000).toFixed(2)} ms`;
  return `${(us / 1_000_000).toFixed(3)} s`;
}
