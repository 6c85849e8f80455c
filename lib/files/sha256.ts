/**
 * SHA-256 for places without Node's, such as a browser. The web's own function returns a promise, and
 * exists only on pages from a secure connection.
 *
 * National Institute of Standards and Technology, "Secure Hash Standard", FIPS 180-4, 2015,
 * https://doi.org/10.6028/NIST.FIPS.180-4.
 *
 * @module
 */

/** The number of bytes that are hashed at a time. */
const BLOCK = 64;

/** The first `count` primes. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/** The first 32 bits of a number's fraction. */
function fractionBits(number: number): number {
  return Math.floor((number - Math.floor(number)) * 2 ** 32) | 0;
}

/** A digest that takes its message piece by piece. */
export interface Sha256 {
  /** Takes the next piece of the message: bytes, or a text in UTF-8. */
  update(piece: Uint8Array | string): Sha256;
  /** The digest of all pieces: 64 hexadecimal digits. No piece may be added afterwards. */
  digest(): string;
}

/** Begins a digest. */
export function sha256(): Sha256 {
  const first = primes(64);
  const constants = Int32Array.from(first, (prime) => fractionBits(Math.cbrt(prime)));
  const state = Int32Array.from(first.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));
  const words = new Int32Array(64);
  const block = new Uint8Array(BLOCK);
  const view = new DataView(block.buffer);
  let filled = 0;
  let bytes = 0;

  function take(piece: Uint8Array): void {
    bytes += piece.length;
    for (let from = 0; from < piece.length;) {
      const count = Math.min(BLOCK - filled, piece.length - from);
      block.set(piece.subarray(from, from + count), filled);
      filled += count;
      from += count;
      if (filled < BLOCK) return;
      compress(state, words, view, constants);
      filled = 0;
    }
  }

  const digest: Sha256 = {
    update(piece) {
      take(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      return digest;
    },
    digest() {
      const length = bytes;
      const end = new Uint8Array((filled < 56 ? 56 : 120) - filled + 8);
      end[0] = 0x80;
      new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(length) * 8n);
      take(end);
      return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    },
  };
  return digest;
}

/** Updates the state with one block. */
function compress(
  state: Int32Array,
  words: Int32Array,
  block: DataView,
  constants: Int32Array,
): void {
  for (let t = 0; t < 16; t++) words[t] = block.getInt32(4 * t);
  for (let t = 16; t < 64; t++) {
    const [early, late] = [words[t - 15], words[t - 2]];
    const small0 = turned(early, 7) ^ turned(early, 18) ^ early >>> 3;
    const small1 = turned(late, 17) ^ turned(late, 19) ^ late >>> 10;
    words[t] = words[t - 16] + small0 + words[t - 7] + small1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const big1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = h + big1 + (e & f ^ ~e & g) + constants[t] + words[t] | 0;
    const big0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = big0 + (a & b ^ a & c ^ b & c) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, d + t1 | 0, c, b, a, t1 + t2 | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, k) => state[k] += word);
}

/** Rotates a word to the right. */
function turned(word: number, by: number): number {
  return word >>> by | word << 32 - by;
}
