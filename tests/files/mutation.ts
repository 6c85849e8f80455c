/**
 * Random damage to the bytes of a safetensors file, and to what its metadata says.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Random } from "../../lib/random.ts";

/** Where the header of an undamaged file ends. */
export function headerEndOf(bytes: Uint8Array): number {
  return 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
}

/** A copy of the bytes with one random change. */
export function mutated(bytes: Uint8Array, headerEnd: number, random: Random): Uint8Array {
  // Half of the changes in the header, where they can do more harm.
  const limit = random.below(2) === 0 ? Math.min(headerEnd, bytes.length) : bytes.length;
  const at = random.below(Math.max(1, limit));
  const length = 1 + random.below(8);
  const noise = Uint8Array.from({ length }, () => random.below(256));
  switch (random.below(7)) {
    case 0: { // a bit flipped
      const copy = bytes.slice();
      copy[at] ^= 1 << random.below(8);
      return copy;
    }
    case 1: // bytes replaced
      return splice(bytes, at, length, noise);
    case 2: // bytes inserted
      return splice(bytes, at, 0, noise);
    case 3: // bytes removed
      return splice(bytes, at, length, new Uint8Array(0));
    case 4: // a part repeated
      return splice(bytes, at, 0, bytes.slice(at, at + 1 + random.below(200)));
    case 5: { // another header length
      const copy = bytes.slice();
      if (copy.length < 8) return copy;
      const lengths = [0n, 1n, 2n ** 64n - 1n, 2n ** 63n, 2n ** 31n, BigInt(random.below(4096))];
      new DataView(copy.buffer).setBigUint64(0, lengths[random.below(lengths.length)], true);
      return copy;
    }
    default:
      return withOtherNumber(bytes, headerEnd, random);
  }
}

/** One of the numbers in the header replaced; the header's length corrected in most cases. */
function withOtherNumber(bytes: Uint8Array, headerEnd: number, random: Random): Uint8Array {
  if (bytes.length < headerEnd) return bytes;
  const header = Buffer.from(bytes.slice(8, headerEnd)).toString("latin1");
  const numbers = [...header.matchAll(/(?<=[[,])\d+(?=[\],])/g)];
  if (numbers.length === 0) return bytes;
  const { 0: old, index } = numbers[random.below(numbers.length)];
  const replacements = [
    ..."0 1 2 3 4 7 8 -1 -0 0.5 1e3 1e999 -1e999 NaN null true [] {} 007 0x10 +1".split(" "),
    ..."2147483647 2147483648 4294967296 9007199254740991 9007199254740993".split(" "),
    ..."18446744073709551615 18446744073709551616 12345678901234567890123".split(" "),
    `${Number(old) + 1}`,
    `${Number(old) - 1}`,
    `${old}.0`,
    `${old},${old}`,
    "9".repeat(300),
    "",
  ];
  const replacement = Buffer.from(replacements[random.below(replacements.length)]);
  const changed = splice(bytes, 8 + index, old.length, replacement);
  if (random.below(8) === 0) return changed;
  const grown = headerEnd - 8 + replacement.length - old.length;
  new DataView(changed.buffer).setBigUint64(0, BigInt(grown), true);
  return changed;
}

function splice(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  return new Uint8Array(
    Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]),
  );
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const STRANGE: readonly Json[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, 2 ** 31, 2 ** 53, "", "x", "toString", "__proto__"],
  ...[[], {}, [null], { length: -1 }, "9".repeat(500)],
];

/**
 * A copy of a JSON value with one random change: a part replaced by something strange, left out, or
 * said twice.
 */
export function strangeJson(value: Json, random: Random): Json {
  const places: [parent: Json[] | { [key: string]: Json }, key: string | number][] = [];
  const copy = structuredClone(value);
  const visit = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as { [key: string]: Json }, key]);
      visit((value as { [key: string]: Json })[key]);
    }
  };
  visit(copy);
  const [parent, key] = places[random.below(places.length)];
  const object = parent as { [key: string | number]: Json };
  switch (random.below(4)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete object[key];
      break;
    case 1:
      if (Array.isArray(parent)) parent.splice(Number(key), 0, object[key]);
      else object[`${key}s`] = object[key];
      break;
    default:
      object[key] = STRANGE[random.below(STRANGE.length)];
  }
  return copy;
}
