import assert from "node:assert/strict";
import { checkPages, type PageColumn } from "../../../lib/data/formats/parquet/pages.ts";
import { readNumber, readStruct, skipStruct } from "../../../lib/data/formats/parquet/thrift.ts";

/** A whole number from 0 in seven bits a byte. */
function varint(number: number): number[] {
  return number < 128 ? [number] : [number % 128 + 128, ...varint(Math.floor(number / 128))];
}

/** A field of a whole number, the next after the one before. */
function i32(number: number): number[] {
  return [0x15, ...varint(number < 0 ? -2 * number - 1 : 2 * number)];
}

/** A page of data of the first version, with its header. */
function dataPage(data: number[], values: number, encoding: number, sizes = [data.length]) {
  const [packed, unpacked = packed] = sizes;
  const inner = [...i32(values), ...i32(encoding), ...i32(3), ...i32(3), 0];
  return Uint8Array.from([...i32(0), ...i32(unpacked), ...i32(packed), 0x2c, ...inner, 0, ...data]);
}

/** A page of data of the second version. */
function secondPage(data: number[], values: number, nulls: number, levels: number) {
  const inner = [values, nulls, values, 0, levels, 0].flatMap(i32);
  const sizes = [...i32(data.length), ...i32(data.length)];
  return Uint8Array.from([...i32(3), ...sizes, 0x5c, ...inner, 0, 0, ...data]);
}

function column(changes: Partial<PageColumn> = {}): PageColumn {
  return { type: "INT32", isOptional: false, isCompressed: false, rows: 4, ...changes };
}

const FOUR = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0];

Deno.test("pages that are whole are left to the library", () => {
  assert.deepEqual(checkPages(dataPage(FOUR, 4, 0), column()), []);
  // Two pages; what follows the last row is not looked at.
  const half = dataPage(FOUR.slice(0, 8), 2, 0);
  const two = Uint8Array.from([...half, ...half, 0xff, 0xff]);
  assert.deepEqual(checkPages(two, column()), []);
  // Levels: a run of 3 ones, 1 zero; then three numbers.
  const optional = [4, 0, 0, 0, 6, 1, 2, 0, ...FOUR.slice(0, 12)];
  assert.deepEqual(checkPages(dataPage(optional, 4, 0), column({ isOptional: true })), []);
  // Levels of packed bits: 1, 0, 1, 1.
  const packed = [2, 0, 0, 0, 3, 0b1101, ...FOUR.slice(0, 12)];
  assert.deepEqual(checkPages(dataPage(packed, 4, 0), column({ isOptional: true })), []);
  // Places of two bits in a dictionary: 0, 1, 2, 3.
  assert.deepEqual(checkPages(dataPage([2, 3, 0b11100100, 0], 4, 8), column()), []);
  const second = secondPage([6, 1, 2, 0, ...FOUR.slice(0, 12)], 4, 1, 4);
  assert.deepEqual(checkPages(second, column({ isOptional: true })), []);
  // Differences: blocks of 128 in 4 parts, the first value 7, and then always 1 more.
  const deltas = [128, 1, 4, 4, 14, 2, 0, 0, 0, 0];
  assert.deepEqual(checkPages(dataPage(deltas, 4, 5), column()), []);
  // Texts "ab", "abc", "abd", "x" by what they repeat (0, 2, 2, 0) and by the lengths of the rest.
  const repeated = lengths(0, [2, 2, 0]);
  const rest = [...lengths(2, [1, 1, 1]), 97, 98, 99, 100, 120];
  const texts = column({ type: "BYTE_ARRAY" });
  assert.deepEqual(checkPages(dataPage([...repeated, ...rest], 4, 7), texts), []);
  assert.deepEqual(checkPages(dataPage(rest, 4, 6), texts), []);
});

/** Lengths below 1000 by their differences, in ten bits each: a block of 128 in 4 parts. */
function lengths(first: number, others: readonly number[]): number[] {
  const differences = others.map((length, k) => length - (k === 0 ? first : others[k - 1]));
  const least = Math.min(...differences);
  const packed = new Array(40).fill(0);
  differences.forEach((difference, k) => {
    for (let bit = 0; bit < 10; bit++) {
      if ((difference - least) >> bit & 1) packed[(10 * k + bit) >> 3] |= 1 << (10 * k + bit) % 8;
    }
  });
  const zigzag = (number: number) => varint(number < 0 ? -2 * number - 1 : 2 * number);
  return [
    ...varint(128),
    ...varint(4),
    ...varint(others.length + 1),
    ...zigzag(first),
    ...zigzag(least),
    ...[10, 0, 0, 0],
    ...packed,
  ];
}

Deno.test("counts beyond what the bytes hold are refused before anything is made for them", () => {
  const many = varint(2 ** 30 * 2);
  const refused: [string, Uint8Array, RegExp, Partial<PageColumn>?][] = [
    ["a page of −1 bytes", dataPage(FOUR, 4, 0, [-1]), /with -1 in its header$/],
    ["more bytes than there are", dataPage(FOUR, 4, 0, [17]), /of 17 bytes, of which 16/],
    [
      "a page that unpacks to a gigabyte",
      dataPage(FOUR, 4, 0, [16, 2 ** 30]),
      /of 1073741824 bytes/,
    ],
    ["more values than rows", dataPage(FOUR, 5, 0), /of 5 values for 4 rows$/],
    ["more numbers than bytes", dataPage(FOUR.slice(4), 4, 0), /of 12 bytes for 4 values$/],
    ["a run without end", dataPage([1, ...many, 0], 4, 8), /run of 1073741824 values, 4 are left$/],
    [
      "packed bits without end",
      dataPage([0, 0, 0, 0, ...varint(2 ** 31 + 1), 0], 4, 3),
      /run of 8589934592 values, 4 are left$/,
      { type: "BOOLEAN" },
    ],
    [
      "texts longer than the page",
      dataPage([...lengths(2, [1, 1, 9]), 97, 98, 99, 100, 120], 4, 6),
      /of 5 bytes for texts of 13$/,
      { type: "BYTE_ARRAY" },
    ],
    [
      "a text of less than nothing",
      dataPage([128, 1, 4, 4, 14, 15, 0, 0, 0, 0], 4, 6),
      /text of -1 bytes$/,
      { type: "BYTE_ARRAY" },
    ],
    [
      "texts that repeat a gigabyte",
      // The first repeats 2²⁷ bytes, and the others as many.
      dataPage([128, 1, 4, 4, ...varint(2 ** 28), 0, 0, 0, 0, 0, ...lengths(0, [0, 0, 0])], 4, 7),
      /repeat more than 268435456 bytes$/,
      { type: "BYTE_ARRAY" },
    ],
    ["places of 200 bits", dataPage([200, 3, 1], 4, 8), /places of 200 bits$/],
    [
      "levels without end",
      dataPage([5, 0, 0, 0, ...many, 1], 4, 0),
      /run of 1073741824 values, 4 are left$/,
      { isOptional: true },
    ],
    [
      "another number of missing values",
      secondPage([8, 1, ...FOUR], 4, 3, 2),
      /another number of missing values/,
      { isOptional: true },
    ],
    ["more missing values than values", secondPage(FOUR, 4, 5, 0), /more missing values/],
    [
      "a block of no parts",
      dataPage([128, 1, 0, 4, 14, 2], 4, 5),
      /blocks of 128 values in 0 parts$/,
    ],
    [
      "a difference of more than 64 bits",
      dataPage([128, 1, 4, 4, 14, ...Array(40).fill(0xff)], 4, 5),
      /number of more than 10 bytes$/,
    ],
    ["a page of an unknown kind", Uint8Array.from([...i32(9), 0]), /unknown kind 9$/],
  ];
  for (const [what, bytes, says, changes] of refused) {
    assert.throws(() => checkPages(bytes, column(changes)), { message: says }, what);
  }
});

Deno.test("a compressed page is looked at when it is unpacked", () => {
  const bytes = dataPage([9, 9, 9], 4, 0, [3, 16]);
  const checks = checkPages(bytes, column({ isCompressed: true }));
  assert.equal(checks.length, 1);
  checks[0](Uint8Array.from(FOUR));
  assert.throws(() => checks[0](new Uint8Array(15)), { message: /of 15 bytes for 4 values$/ });
});

Deno.test("a struct of Thrift is gone through as far as its bytes reach", () => {
  const place = {
    bytes: Uint8Array.from([...i32(-3), 0x18, 2, 97, 98, 0x19, 0x21, 1, 2, 0]),
    at: 0,
  };
  const seen: number[] = [];
  readStruct(place, 0, (field, type) => {
    seen.push(field, type);
    return field === 1 && readNumber(place) === -3;
  });
  assert.deepEqual(seen, [1, 5, 2, 8, 3, 9]);
  assert.equal(place.at, place.bytes.length);
  const refused: [number[], RegExp][] = [
    [[], /without an end$/],
    [[0x15, 0x80], /without an end$/],
    [[0x15, ...Array(20).fill(0xff)], /more than 10 bytes$/],
    [[0x18, 5, 1], /of 5 bytes where 1 are left$/],
    // A list of so many elements that none would be left for them.
    [[0x19, 0xf5, 0xff, 0xff, 0xff, 0x0f], /where 0 are left$/],
    [[0x1f], /unknown type 15$/],
    [Array(1000).fill(0x1c), /more than 64 levels$/],
    // Lists of one list each.
    [Array(1000).fill(0x19), /more than 64 levels$/],
  ];
  for (const [bytes, says] of refused) {
    assert.throws(() => skipStruct({ bytes: Uint8Array.from(bytes), at: 0 }), { message: says });
  }
});
