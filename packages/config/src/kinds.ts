/** What a value may look like: reads text into a value, or says what would be right. */
export interface Kind<Value> {
  /** For the documentation: `integer from 1 to 65535`. */
  readonly description: string;
  /** Gives the value, or `undefined` when the text is none. */
  read(text: string): Value | undefined;
}

export const text: Kind<string> = { description: 'text', read: (raw) => raw };

/** Lines that a header of HTTP can carry, one each. */
export const headerLines: Kind<string> = {
  description: 'text of Latin-1 characters, which an HTTP header can carry',
  read: (raw) => (/^[\t\r\n\u0020-\u007e\u00a0-\u00ff]*$/.test(raw) ? raw : undefined),
};

export function integer(minimum: number, maximum: number): Kind<number> {
  return {
    description: `integer from ${minimum} to ${maximum}`,
    read(raw) {
      const value = /^-?\d{1,16}$/.test(raw) ? Number(raw) : Number.NaN;
      return value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

const DECIMAL = /^\d{1,18}(\.\d{1,18})?$/;
const SIGNED_DECIMAL = /^-?\d{1,18}(\.\d{1,18})?$/;

/** Money and shares stay exact decimal text; bounds are compared as numbers, which is near enough for a bound. */
export function decimal(minimum: number, maximum: number): Kind<string> {
  const form = minimum < 0 ? SIGNED_DECIMAL : DECIMAL;
  return {
    description: maximum === Infinity ? `decimal number, ${minimum} or more` : `decimal number from ${minimum} to ${maximum}`,
    read: (raw) => (form.test(raw) && Number(raw) >= minimum && Number(raw) <= maximum ? raw : undefined),
  };
}

export function choice<const Value extends string>(...values: readonly Value[]): Kind<Value> {
  return {
    description: values.map((value) => `\`${value}\``).join(' or '),
    read: (raw) => values.find((value) => value === raw),
  };
}

/** Items between commas, each trimmed; empty text is an empty list. */
export function list(what: string, item: RegExp): Kind<readonly string[]> {
  return {
    description: `${what}, between commas`,
    read(raw) {
      const items = raw.split(',').map((one) => one.trim()).filter((one) => one !== '');
      return items.every((one) => item.test(one)) ? items : undefined;
    },
  };
}

/** An address with one of the given schemes. Several servers may stand between commas where `several` says so. */
export function address(schemes: readonly string[], several = false): Kind<string> {
  const isAddress = (raw: string): boolean => {
    if (!URL.canParse(raw)) return false;
    const { protocol, hostname } = new URL(raw);
    return schemes.includes(protocol.slice(0, -1)) && hostname !== '';
  };
  return {
    description: `address ${schemes.map((scheme) => `\`${scheme}://…\``).join(' or ')}${several ? ', several between commas' : ''}`,
    read: (raw) => ((several ? raw.split(',') : [raw]).every((one) => isAddress(one.trim())) ? raw : undefined),
  };
}

/**
 * Fee rates by venue, or by venue and kind of market (`okx:derivative`); `*` stands for all other venues. Shares of the value
 * traded, exact decimal text.
 */
export type FeeRates = Readonly<Record<string, string>>;

export const fees: Kind<FeeRates> = {
  description:
    'one rate for all venues (`0.001`), or `venue=rate` between commas with `*` for all others (`binance=0.001,*=0.002`); ' +
    '`venue:spot` and `venue:derivative` name one kind of market (`okx:derivative=0.0005`)',
  read(raw) {
    if (isRate(raw)) return { '*': raw };
    const rates: Record<string, string> = {};
    for (const part of raw.split(',')) {
      const match = /^\s*((?:[a-z0-9]+|\*)(?::(?:spot|derivative))?)\s*=\s*(\S+)\s*$/.exec(part);
      if (!match || !isRate(match[2]) || match[1] in rates) return undefined;
      rates[match[1]] = match[2];
    }
    return rates;
  },
};

const isRate = (raw: string): boolean => DECIMAL.test(raw) && Number(raw) < 1;
