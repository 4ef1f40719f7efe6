const FAMILY = /^# (?:HELP|TYPE) (\S+)/;

/** The lines of one metric: what stands about it, and its samples. */
interface Family {
  readonly about: string[];
  readonly samples: string[];
}

/**
 * Several texts of Prometheus' form as one: each metric once, with the samples of all of them below it, as the form demands.
 * The first text that tells of a metric says its help and its type. Samples are not looked into: their labels keep them apart.
 */
export function joinedExpositions(texts: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const text of texts) readInto(families, text);
  return [...families.values()].map(({ about, samples }) => `${[...about, ...samples].join('\n')}\n`).join('\n');
}

function readInto(families: Map<string, Family>, text: string): void {
  let family: Family | undefined;
  let name = '';
  let isNew = false;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const named = FAMILY.exec(line)?.[1];
    if (named === undefined) {
      family?.samples.push(line);
      continue;
    }
    if (named !== name) {
      name = named;
      isNew = !families.has(name);
      if (isNew) families.set(name, { about: [], samples: [] });
      family = families.get(name);
    }
    if (isNew) family!.about.push(line);
  }
}
