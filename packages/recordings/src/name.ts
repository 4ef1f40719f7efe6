/** What the name of a recording, or its header, says of the venue. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^spot-/, 'binance'],
  [/^usdm-/, 'binanceusdm'],
  [/^coinm-/, 'binancecoinm'],
];

/** cryptofeed's names of the venues that Parallax reads. */
const HEADERS: Readonly<Record<string, string>> = {
  BINANCE: 'binance', BINANCE_FUTURES: 'binanceusdm', BINANCE_DELIVERY: 'binancecoinm', OKX: 'okx', KRAKEN: 'kraken', COINBASE: 'coinbase',
};

/** The venue of a file by its name (`usdm-ethusdt-20240718.gz`), or undefined. */
export function venueOfName(fileName: string): string | undefined {
  return NAMES.find(([pattern]) => pattern.test(fileName))?.[1];
}

/** How a header names a venue, so that {@link venueOfHeader} knows it again. */
export function headerNameOf(venue: string): string {
  return Object.entries(HEADERS).find(([, id]) => id === venue)?.[0] ?? venue;
}

/** The venue's symbol in a file's name, as the venue writes it (`ETHUSDT`), or undefined. */
export function venueSymbolOfName(fileName: string): string | undefined {
  const match = /^(?:spot|usdm|coinm)-([^-.]+)/i.exec(fileName);
  return match?.[1].toUpperCase();
}

/** The venue that a recording's first line names, or undefined. */
export function venueOfHeader(firstLine: string): string | undefined {
  if (!firstLine.startsWith('{"t": "header"') && !firstLine.startsWith('{"t":"header"')) return undefined;
  try {
    const { exchange } = JSON.parse(firstLine) as { exchange?: unknown };
    return typeof exchange === 'string' ? (HEADERS[exchange] ?? exchange) : undefined;
  } catch {
    return undefined;
  }
}
