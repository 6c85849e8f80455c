const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

/** A place in a run of bytes. */
export interface Cursor {
  /** The index of the next byte. */
  position: number;
}

/** 10⁰ to 10²⁹⁰, each the double nearest to it. */
const POWERS_OF_TEN = Float64Array.from({ length: 291 }, (_, power) => Number(`1e${power}`));

/**
 * With more digits than this the rounding errors of the running mantissa (two of 2⁻⁵³ a digit)
 * could exceed `SLACK`.
 */
const MAX_DIGITS = 64;
/** The number of digits, and the power of ten, up to which a double is exact. */
const EXACT_DIGITS = 15;
const EXACT_POWER = 22;
const SLACK = 2 ** -44;

/** The maximal length of a number that is parsed here. Longer ones are parsed as text by `Number`. */
const MAX_LENGTH = 1000;

/**
 * Reads a decimal number (`-12`, `3.25`, `.5`, `6.02e23`) from bytes straight into a 32-bit float,
 * the same one as `Math.fround(Number(text))`.
 *
 * In a short number, mantissa and power of ten are exact, and their product is the double nearest to the
 * number. In other numbers the product is off by less than a factor 1 ± 2⁻⁴⁴. If both ends of that interval
 * round to the same 32-bit float, then so does the exact value between them. `Number` decides the few other
 * cases.
 *
 * @param bytes The text. The byte after its last one must not be a digit, `.`, `e` or `E`: the scan
 * stops there.
 * @param cursor The place of the number. It moves to the first byte after it.
 * @returns The number, or ±Infinity if it is too large for a 32-bit float. NaN if the bytes are not a
 * decimal number, or a very long one; then the cursor does not move.
 */
export function scanDecimal(bytes: Uint8Array, cursor: Cursor): number {
  const start = cursor.position;
  let i = start;
  let byte = bytes[i];
  const negative = byte === MINUS;
  if (negative || byte === PLUS) byte = bytes[++i];

  let mantissa = 0;
  let first = i;
  while (byte >= ZERO && byte <= NINE) {
    mantissa = mantissa * 10 + (byte - ZERO);
    byte = bytes[++i];
  }
  let digits = i - first;
  let power = 0;
  if (byte === DOT) {
    byte = bytes[++i];
    first = i;
    while (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      byte = bytes[++i];
    }
    power = first - i;
    digits += i - first;
  }
  if (digits === 0) return NaN;

  if (byte === LOWER_E || byte === UPPER_E) {
    byte = bytes[++i];
    const down = byte === MINUS;
    if (down || byte === PLUS) byte = bytes[++i];
    first = i;
    let exponent = 0;
    while (byte >= ZERO && byte <= NINE) {
      exponent = exponent * 10 + (byte - ZERO);
      byte = bytes[++i];
    }
    if (i === first) return NaN;
    power += down ? -exponent : exponent;
  }
  if (i - start > MAX_LENGTH) return NaN;
  cursor.position = i;

  if (digits <= EXACT_DIGITS && power >= -EXACT_POWER && power <= EXACT_POWER) {
    const value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
    return Math.fround(negative ? -value : value);
  }
  if (digits <= MAX_DIGITS && power >= -290 && power <= 200) {
    const value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
    const low = Math.fround(value * (1 - SLACK));
    if (low === Math.fround(value * (1 + SLACK))) return negative ? -low : low;
  }
  return Math.fround(Number(asciiText(bytes, start, i)));
}

/** Converts bytes below 128 to a string. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
