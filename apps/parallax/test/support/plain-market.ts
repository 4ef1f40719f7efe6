/** All figures of the oracle are whole numbers at this many decimals; money, the product of two, at twice as many. */
export const DECIMALS = 8;

export interface PlainLevel {
  readonly price: bigint;
  readonly size: bigint;
}
/** Both sides, best first. */
export interface PlainSides {
  readonly bids: readonly PlainLevel[];
  readonly asks: readonly PlainLevel[];
}

// Taken once: a look-up of a global costs much in a test's own context, and these run millions of times.
const [toNumber, toBigInt, parse, decoder] = [Number, BigInt, JSON.parse, new TextDecoder()];

/** Reads decimal text; digits beyond `decimals` are an error, not a rounding. */
export function whole(text: string, decimals = DECIMALS): bigint {
  const [units, fraction = ''] = text.split('.');
  if (fraction.length > decimals && toNumber(fraction.slice(decimals)) !== 0) throw new Error(`"${text}" does not fit`);
  return toBigInt(units + fraction.slice(0, decimals).padEnd(decimals, '0'));
}

/** A level as the venue wrote it; the number is only there to order by. */
interface TextLevel {
  readonly order: number;
  readonly price: string;
  readonly size: string;
}
type Pairs = readonly (readonly [string, string])[];
interface Frame {
  readonly lastUpdateId?: number;
  readonly bids?: Pairs;
  readonly asks?: Pairs;
  readonly data?: { readonly e?: string; readonly u: number; readonly b: Pairs | string; readonly a: Pairs | string; readonly B?: string };
}

/**
 * What Binance says of one symbol, kept on plain terms: its recorded JSON applied to sorted arrays, and of ticker and
 * depth whichever update id is newer as the best prices. No code of the project takes part.
 */
export class PlainMarket {
  private readonly bids: TextLevel[] = [];
  private readonly asks: TextLevel[] = [];
  private readonly early: NonNullable<Frame['data']>[] = [];
  private depthId = -1;
  private quoteId = -1;
  private known: { readonly count: number; readonly sides: PlainSides } | null = null;
  bestBid = 0n;
  bestAsk = 0n;

  take(bytes: Uint8Array): void {
    const frame = parse(decoder.decode(bytes)) as Frame;
    this.known = null;
    if (frame.lastUpdateId !== undefined) return this.snapshot(frame);
    const { data } = frame;
    if (data?.e === 'depthUpdate') {
      if (this.depthId < 0) this.early.push(data);
      else this.change(data);
    } else if (data?.B !== undefined && this.depthId >= 0 && data.u > this.quoteId) {
      this.quoteId = data.u;
      [this.bestBid, this.bestAsk] = [whole(data.b as string), whole(data.a as string)];
    }
  }

  /** The best `count` levels of each side, without those that the best prices say are gone. */
  sides(count: number): PlainSides {
    if (this.known?.count === count) return this.known.sides;
    const plain = ({ price, size }: TextLevel): PlainLevel => ({ price: whole(price), size: whole(size) });
    const sides = {
      bids: this.bids.slice(0, count).map(plain).filter(({ price }) => price <= this.bestBid),
      asks: this.asks.slice(0, count).map(plain).filter(({ price }) => price >= this.bestAsk),
    };
    this.known = { count, sides };
    return sides;
  }

  private snapshot({ lastUpdateId, bids, asks }: Frame): void {
    this.depthId = lastUpdateId!;
    for (const pair of bids!) set(this.bids, pair, -1);
    for (const pair of asks!) set(this.asks, pair, 1);
    for (const data of this.early.splice(0)) this.change(data);
    this.adopt();
  }

  private change({ u, b, a }: NonNullable<Frame['data']>): void {
    if (u <= this.depthId) return;
    this.depthId = u;
    for (const pair of b as Pairs) set(this.bids, pair, -1);
    for (const pair of a as Pairs) set(this.asks, pair, 1);
    if (u >= this.quoteId) this.adopt();
  }

  private adopt(): void {
    this.quoteId = this.depthId;
    [this.bestBid, this.bestAsk] = [whole(this.bids[0].price), whole(this.asks[0].price)];
  }
}

/** Puts a level where it belongs, or takes it away; `sign` is 1 where lower prices come first. */
function set(levels: TextLevel[], [price, size]: readonly [string, string], sign: 1 | -1): void {
  const order = toNumber(price) * sign;
  let [low, high] = [0, levels.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (levels[middle].order < order) low = middle + 1;
    else high = middle;
  }
  const known = low < levels.length && levels[low].order === order ? 1 : 0;
  if (toNumber(size) > 0) levels.splice(low, known, { order, price, size });
  else if (known) levels.splice(low, 1);
}
