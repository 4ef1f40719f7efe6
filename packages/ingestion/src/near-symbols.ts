/** More differences than this, and it is another word. */
const DIFFERENCES = 2;
const NAMED = 3;

/** Listed symbols that may be meant by one that is not listed: the same in small letters, without or with a settlement, or a slip away. Pure. */
export function nearSymbols(wanted: string, listed: Iterable<string>): string[] {
  const found: { symbol: string; distance: number }[] = [];
  for (const symbol of listed) {
    const distance = Math.min(differences(plain(wanted), plain(symbol)), differences(unsettled(wanted), unsettled(symbol)) + 0.5);
    if (distance <= DIFFERENCES) found.push({ symbol, distance });
  }
  found.sort((one, other) => one.distance - other.distance || (one.symbol < other.symbol ? -1 : 1));
  return found.slice(0, NAMED).map(({ symbol }) => symbol);
}

const plain = (symbol: string): string => symbol.toUpperCase();
const unsettled = (symbol: string): string => plain(symbol).split(':', 1)[0];

/** How many letters must be put in, taken out, changed or swapped with their neighbour to make the one from the other. */
function differences(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > DIFFERENCES) return DIFFERENCES + 1;
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i++) {
    const [before, now] = [rows[i - 1], [i]];
    for (let j = 1; j <= other.length; j++) {
      const least = Math.min(before[j] + 1, now[j - 1] + 1, before[j - 1] + Number(one[i - 1] !== other[j - 1]));
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      now.push(isSwap ? Math.min(least, rows[i - 2][j - 2] + 1) : least);
    }
    rows.push(now);
  }
  return rows[one.length][other.length];
}
