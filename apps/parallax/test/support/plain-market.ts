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

/** Snapshots of so many levels a side are cut there. */
const CUT_AT = [1000, 5000];
/** Less than any price step. */
const HAIR = 1e-8;

/**
 * One side of the book. Of a cut snapshot nobody knows what stands behind its last level, so its levels count up to there; where the
 * best itself has gone behind it, up to the farthest best that the venue has told since in the quotes before the book's own id.
 */
class PlainSide {
  readonly levels: TextLevel[] = [];
  private readonly told: { readonly id: number; readonly order: number }[] = [];
  private farthest = -Infinity;
  private end = Infinity;

  /** `sign` is 1 where lower prices come first. */
  constructor(private readonly sign: 1 | -1) {}

  begin(pairs: Pairs): void {
    for (const pair of pairs) set(this.levels, pair, this.sign);
    if (CUT_AT.includes(pairs.length)) this.end = this.levels.at(-1)!.order + HAIR;
  }

  change(pairs: Pairs): void {
    for (const pair of pairs) set(this.levels, pair, this.sign);
  }

  tell(id: number, price: string): void {
    this.told.push({ id, order: toNumber(price) * this.sign });
  }

  /** The book stands at `id` now. */
  extend(id: number): void {
    while (this.told.length > 0 && this.told[0].id <= id) this.farthest = Math.max(this.farthest, this.told.shift()!.order);
    const best = this.levels[0].order;
    if (best >= this.end && best <= this.farthest) this.end = best === this.farthest ? best + HAIR : this.farthest;
  }

  best(count: number): PlainLevel[] {
    const known = this.levels.slice(0, count).filter(({ order }) => order < this.end);
    return known.map(({ price, size }) => ({ price: whole(price), size: whole(size) }));
  }
}

/**
 * What Binance says of one symbol, kept on plain terms: its recorded JSON applied to sorted arrays, and of ticker and
 * depth whichever update id is newer as the best prices. No code of the project takes part.
 */
export class PlainMarket {
  private readonly bids = new PlainSide(-1);
  private readonly asks = new PlainSide(1);
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
      this.bids.tell(data.u, data.b as string);
      this.asks.tell(data.u, data.a as string);
      [this.bestBid, this.bestAsk] = [whole(data.b as string), whole(data.a as string)];
    }
  }

  /** The best `count` levels of each side that are known, without those that the best prices say are gone. */
  sides(count: number): PlainSides {
    if (this.known?.count === count) return this.known.sides;
    const sides = {
      bids: this.bids.best(count).filter(({ price }) => price <= this.bestBid),
      asks: this.asks.best(count).filter(({ price }) => price >= this.bestAsk),
    };
    this.known = { count, sides };
    return sides;
  }

  private snapshot({ lastUpdateId, bids, asks }: Frame): void {
    this.depthId = lastUpdateId!;
    this.bids.begin(bids!);
    this.asks.begin(asks!);
    for (const data of this.early.splice(0)) this.change(data);
    this.adopt();
  }

  private change({ u, b, a }: NonNullable<Frame['data']>): void {
    if (u <= this.depthId) return;
    this.depthId = u;
    this.bids.change(b as Pairs);
    this.asks.change(a as Pairs);
    this.bids.extend(u);
    this.asks.extend(u);
    if (u >= this.quoteId) this.adopt();
  }

  private adopt(): void {
    this.quoteId = this.depthId;
    [this.bestBid, this.bestAsk] = [whole(this.bids.levels[0].price), whole(this.asks.levels[0].price)];
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
