/**
 * Reads frames in AssemblyScript (TypeScript's syntax, WebAssembly's numbers): 16 or 32 bytes are looked at in one step and
 * eight digits become a number in one, for which JavaScript has no words. It knows rows of fields (texts that must stand
 * there, and numbers between them) and lists of price levels. After a change: `node tools/write-frame-program.mjs`. Memory
 * is the caller's: it holds the frame, the shapes of rows, and columns for what was read.
 */

const LARGEST_EXACT: u64 = 9007199254740991;
/** A power of ten, and the largest number that times it is exact; one such pair for each scale. */
const SCALES = memory.data<u64>([
  1, 9007199254740991,
  10, 900719925474099,
  100, 90071992547409,
  1000, 9007199254740,
  10000, 900719925474,
  100000, 90071992547,
  1000000, 9007199254,
  10000000, 900719925,
  100000000, 90071992,
  1000000000, 9007199,
  10000000000, 900719,
  100000000000, 90071,
  1000000000000, 9007,
  10000000000000, 900,
  100000000000000, 90,
  1000000000000000, 9,
]);
const REFUSED: u64 = u64.MAX_VALUE;
/** Most digits on either side of the point. */
const MOST_DIGITS: i32 = 8;
const LARGEST_SCALE: i32 = 15;

/** `["1.5","2"]`: Binance. */
const PAIR: i32 = 0;
/** `["1.5","2","0","12"]`, with no liquidations (a field that is always 0) and the number of orders: OKX. */
const PAIR_AND_ORDERS: i32 = 1;
/** `{"price":1.5,"qty":2}`: Kraken. */
const OBJECT: i32 = 2;

const PAIR_OPENS: u16 = 0x225b; // ["
const PAIR_BETWEEN: u32 = 0x222c22; // ","
const PAIR_CLOSES: u16 = 0x5d22; // "]
const NO_LIQUIDATIONS: u64 = 0x222c2230222c22; // ","0","
const OBJECT_OPENS: u64 = 0x226563697270227b; // {"price"
const COLON: u8 = 0x3a;
const OBJECT_BETWEEN: u64 = 0x3a22797471222c; // ,"qty":
const OBJECT_CLOSES: u8 = 0x7d;
const THREE_BYTES: u32 = 0xffffff;
const SEVEN_BYTES: u64 = 0xffffffffffffff;
const COMMA: u8 = 0x2c;
const CLOSES_LIST: u8 = 0x5d;
const ZERO: u8 = 0x30;
const POINT: u8 = 0x2e;
const EIGHT_ZEROS: u64 = 0x3030303030303030;

// @ts-ignore: decorator
@inline
function isDigit(p: i32): u32 {
  return i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(p), i8x16.splat(0x30)), i8x16.splat(9)));
}

/** The number of eight digits whose bytes, the first one lowest, are `word`; bytes of 0 count as the digit 0. */
// @ts-ignore: decorator
@inline
function eightDigits(word: u64): u64 {
  const ones = word & 0x0f0f0f0f0f0f0f0f;
  const twos = (ones * 10 + (ones >> 8)) & 0x00ff00ff00ff00ff;
  const fours = (twos * 100 + (twos >> 16)) & 0x0000ffff0000ffff;
  return (fours * 10000 + (fours >> 32)) & 0xffffffff;
}

/** The first `count` of the digits that stand at `p`; 1 to 8 of them. */
// @ts-ignore: decorator
@inline
function digitsAt(p: i32, count: i32): u64 {
  return eightDigits(load<u64>(p) << (64 - (count << 3)));
}

// @ts-ignore: decorator
@inline
function powerOfTen(exponent: i32): u64 {
  return load<u64>(SCALES + (exponent << 4));
}

/** The numbers of two words of eight digits each (see eightDigits): the first one's in the lower half. */
// @ts-ignore: decorator
@inline
function twiceEightDigits(first: u64, second: u64): u64 {
  const ones = v128.and(i64x2.replace_lane(i64x2.splat(first), 1, second), i8x16.splat(0x0f));
  const twos = v128.and(i16x8.add(i16x8.mul(ones, i16x8.splat(10)), i16x8.shr_u(ones, 8)), i16x8.splat(0xff));
  const fours = i32x4.dot_i16x8_s(twos, i32x4.splat(0x00010064));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), i32x4.splat(0x00012710));
  return i64x2.extract_lane(eights, 0);
}

/** The decimal of `whole` digits at `p` and `fraction` digits behind its point as an integer at `scale`. */
// @ts-ignore: decorator
@inline
function scaled(p: i32, whole: i32, fraction: i32, scale: i32): u64 {
  let read = fraction;
  if (fraction > scale) {
    // Digits beyond the scale must be 0: nothing is rounded.
    const beyond = load<u64>(p + whole + 1 + scale) ^ EIGHT_ZEROS;
    if ((beyond << (64 - ((fraction - scale) << 3))) != 0) return REFUSED;
    read = scale;
  }
  const fractionWord = read == 0 ? 0 : load<u64>(p + whole + 1) << (64 - (read << 3));
  const both = twiceEightDigits(load<u64>(p) << (64 - (whole << 3)), fractionWord);
  const digits = both & 0xffffffff;
  if (digits > load<u64>(SCALES + (scale << 4), 8)) return REFUSED;
  return digits * powerOfTen(scale) + (both >> 32) * powerOfTen(scale - read);
}

/** Printable ASCII that needs no escape in a string, and does not end it. */
// @ts-ignore: decorator
@inline
function isPlain(byte: u8): bool {
  return byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c;
}

/** JSON's numbers begin with no 0 but the one before the point; those in strings may. */
// @ts-ignore: decorator
@inline
function isBare(p: i32, whole: i32): bool {
  return whole == 1 || load<u8>(p) != ZERO;
}

/** What stands behind a field's text: nothing more, or a value that is written to the column. */
const END: i32 = 0;
/** A JSON integer without sign. */
const INTEGER: i32 = 1;
/** Digits with or without a point, as an integer at the field's scale. */
const DECIMAL: i32 = 2;
/** `true` (1) or `false` (0). */
const FLAG: i32 = 3;
/** Plain text up to a quote; nothing is written. */
const TEXT: i32 = 4;

/** A field as the caller lays it out: four words (bytes of text, mask of the last 16 of them, what follows, scale), the text. */
const FIELD_TEXT: i32 = 16;
const TRUE: u32 = 0x65757274; // true
const FALSE: u32 = 0x736c6166; // fals
const LAST_OF_FALSE: u8 = 0x65;

/** The value of up to 16 digits. */
// @ts-ignore: decorator
@inline
function longDigitsAt(p: i32, count: i32): u64 {
  if (count <= 8) return digitsAt(p, count);
  return eightDigits(load<u64>(p)) * powerOfTen(count - 8) + digitsAt(p + 8, count - 8);
}

/**
 * Reads the row of fields that `field` lays out from `at` on, each value into the next place of the column `values`. Returns
 * the byte behind the row, or 0 where something else stands: another text, a number with more digits than it knows, one
 * that is not exact.
 */
export function readFields(field: i32, at: i32, values: i32): i32 {
  while (true) {
    let left = load<i32>(field);
    const lastMask = load<i32>(field, 4);
    const kind = load<i32>(field, 8);
    const scale = load<i32>(field, 12);
    field += FIELD_TEXT;
    for (; left > 16; left -= 16, at += 16, field += 16) {
      if (v128.any_true(v128.xor(v128.load(at), v128.load(field)))) return 0;
    }
    if ((~i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(field))) & lastMask) != 0) return 0;
    at += left;
    field += 16;
    if (kind == DECIMAL) {
      let marks = ~(isDigit(at) | (isDigit(at + 16) << 16));
      const whole = <i32>ctz(marks);
      let fraction = 0;
      let behind = at + whole;
      if (load<u8>(behind) == POINT) {
        marks &= marks - 1;
        fraction = <i32>ctz(marks) - whole - 1;
        if (fraction <= 0) return 0;
        behind += fraction + 1;
      }
      if (<u32>(whole - 1) >= <u32>MOST_DIGITS || fraction > MOST_DIGITS) return 0;
      const value = scaled(at, whole, fraction, scale);
      if (value > LARGEST_EXACT) return 0;
      store<f64>(values, <f64>value);
      values += 8;
      at = behind;
    } else if (kind == INTEGER) {
      const length = <i32>ctz(~isDigit(at));
      if (<u32>(length - 1) >= 16 || !isBare(at, length)) return 0;
      const value = longDigitsAt(at, length);
      if (value > LARGEST_EXACT) return 0;
      store<f64>(values, <f64>value);
      values += 8;
      at += length;
    } else if (kind == FLAG) {
      const isTrue = load<u32>(at) == TRUE;
      if (!isTrue && (load<u32>(at) != FALSE || load<u8>(at, 4) != LAST_OF_FALSE)) return 0;
      store<f64>(values, <f64>isTrue);
      values += 8;
      at += isTrue ? 4 : 5;
    } else if (kind == TEXT) {
      while (isPlain(load<u8>(at))) at++;
    } else {
      return at;
    }
  }
}

let count: i32 = 0;

/** How many levels the last call read. */
export function levelsRead(): i32 {
  return count;
}

/**
 * Reads level after level of one shape from `from`, the first byte behind the list's bracket, into the columns `prices` and
 * `sizes`, which have room for as many as the frame can hold. Returns where it stopped: behind the list's closing bracket,
 * or at the first level that it does not read (another shape, more digits, a price of 0, an integer that is not exact).
 */
// @ts-ignore: decorator
@inline
function read(shape: i32, from: i32, prices: i32, sizes: i32, priceScale: i32, sizeScale: i32): i32 {
  count = 0;
  if (priceScale > LARGEST_SCALE || sizeScale > LARGEST_SCALE) return from;
  let level = from;
  let next: u8;
  do {
    let price: i32;
    if (shape == OBJECT) {
      if (load<u64>(level) != OBJECT_OPENS || load<u8>(level + 8) != COLON) return level;
      price = level + 9;
    } else {
      if (load<u16>(level) != PAIR_OPENS) return level;
      price = level + 2;
    }
    // One bit for each of 32 bytes that is no digit; the lowest is the next place where a number ends.
    let marks = ~(isDigit(price) | (isDigit(price + 16) << 16));
    let behind = price + <i32>ctz(marks);
    const priceWhole = behind - price;
    let priceFraction = 0;
    if (load<u8>(behind) == POINT) {
      marks &= marks - 1;
      const point = behind;
      behind = price + <i32>ctz(marks);
      priceFraction = behind - point - 1;
      if (priceFraction <= 0) return level;
    }
    let size: i32;
    if (shape == OBJECT) {
      if ((load<u64>(behind) & SEVEN_BYTES) != OBJECT_BETWEEN || !isBare(price, priceWhole)) return level;
      size = behind + 7;
    } else {
      if ((load<u32>(behind) & THREE_BYTES) != PAIR_BETWEEN) return level;
      size = behind + 3;
    }
    // The marks of the text between the numbers go with those before it.
    const passed = size - price;
    if (passed >= 32) return level;
    marks &= <u32>-1 << passed;
    behind = price + <i32>ctz(marks);
    const sizeWhole = behind - size;
    let sizeFraction = 0;
    if (load<u8>(behind) == POINT) {
      marks &= marks - 1;
      const point = behind;
      behind = price + <i32>ctz(marks);
      sizeFraction = behind - point - 1;
      if (sizeFraction <= 0) return level;
    }
    if (shape == PAIR_AND_ORDERS) {
      if ((load<u64>(behind) & SEVEN_BYTES) != NO_LIQUIDATIONS) return level;
      const orders = behind + 7;
      const length = <i32>ctz(~isDigit(orders));
      if (length == 0 || length > MOST_DIGITS || !isBare(orders, length)) return level;
      behind = orders + length;
    }
    if (shape == OBJECT) {
      if (load<u8>(behind) != OBJECT_CLOSES || !isBare(size, sizeWhole)) return level;
      behind += 1;
    } else {
      if (load<u16>(behind) != PAIR_CLOSES) return level;
      behind += 2;
    }
    next = load<u8>(behind);
    if (next != COMMA && next != CLOSES_LIST) return level;
    if (<u32>(priceWhole - 1) >= <u32>MOST_DIGITS || priceFraction > MOST_DIGITS) return level;
    if (<u32>(sizeWhole - 1) >= <u32>MOST_DIGITS || sizeFraction > MOST_DIGITS) return level;
    const priceValue = scaled(price, priceWhole, priceFraction, priceScale);
    const sizeValue = scaled(size, sizeWhole, sizeFraction, sizeScale);
    if (priceValue - 1 >= LARGEST_EXACT || sizeValue > LARGEST_EXACT) return level;
    store<f64>(prices, <f64>priceValue);
    store<f64>(sizes, <f64>sizeValue);
    prices += 8;
    sizes += 8;
    count++;
    level = behind + 1;
  } while (next == COMMA);
  return level;
}

export function readPairs(from: i32, prices: i32, sizes: i32, priceScale: i32, sizeScale: i32): i32 {
  return read(PAIR, from, prices, sizes, priceScale, sizeScale);
}

export function readPairsAndOrders(from: i32, prices: i32, sizes: i32, priceScale: i32, sizeScale: i32): i32 {
  return read(PAIR_AND_ORDERS, from, prices, sizes, priceScale, sizeScale);
}

export function readObjects(from: i32, prices: i32, sizes: i32, priceScale: i32, sizeScale: i32): i32 {
  return read(OBJECT, from, prices, sizes, priceScale, sizeScale);
}
