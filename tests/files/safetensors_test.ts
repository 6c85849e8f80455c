import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "npm:fast-check@4.3.0";
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type Tensor,
} from "../../lib/files/safetensors.ts";

const fixtures = new URL("./fixtures/", import.meta.url);

/** A file put together by hand. */
function file(header: string | Uint8Array, dataBytes = 0): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function temporaryPath(name: string): string {
  return `${Deno.makeTempDirSync()}/${name}`;
}

Deno.test("decodeSafetensors reads what the Python package wrote, in every dtype", () => {
  const path = new URL("every_dtype.safetensors", fixtures);
  const { tensors, metadata } = decodeSafetensors(Deno.readFileSync(path), "fixture");
  assert.deepEqual(metadata, { "made by": "safetensors 0.8.0", quote: 'a "quoted" line\nand é' });
  const expected: [string, Tensor][] = [
    ["f64", { dtype: "F64", shape: [2, 2], data: Float64Array.of(0.1, -2.5e300, Math.PI, 0) }],
    ["f32", { dtype: "F32", shape: [3], data: Float32Array.of(1.5, -0.25, 3.4028234663852886e38) }],
    ["i64", { dtype: "I64", shape: [2], data: BigInt64Array.of(2n ** 62n, -1n) }],
    ["i32", { dtype: "I32", shape: [1, 2, 1], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) }],
    ["u32", { dtype: "U32", shape: [2], data: Uint32Array.of(0, 2 ** 32 - 1) }],
    ["u8", { dtype: "U8", shape: [3], data: Uint8Array.of(0, 127, 255) }],
    ["scalar", { dtype: "I32", shape: [], data: Int32Array.of(7) }],
    ["empty", { dtype: "F32", shape: [3, 0], data: new Float32Array(0) }],
    ['naïve "name"', { dtype: "U8", shape: [1], data: Uint8Array.of(1) }],
  ];
  assert.deepEqual(tensors, new Map(expected));
});

Deno.test("encodeSafetensors and decodeSafetensors are inverse for random tensors", () => {
  const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
  const dtype = fc.constantFrom("F32", "F64", "I32", "U32", "U8", "I64");
  const name = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" })
    .filter((name) => !/\p{Cc}/u.test(name) && name.isWellFormed() && name !== "__metadata__");
  const text = fc.string({ unit: "grapheme" }).filter((value) => value.isWellFormed());
  const content = fc.tuple(
    fc.array(fc.tuple(name, dtype, shape, fc.boolean(), fc.noShrink(fc.nat())), { maxLength: 6 }),
    fc.dictionary(name, text, { maxKeys: 3 }),
    fc.nat({ max: 9 }),
  );
  let nonEmpty = 0;
  fc.assert(
    fc.property(content, ([list, metadata, misalignment]) => {
      const tensors = new Map<string, Tensor>();
      for (const [name, dtype, shape, shared, seed] of list) {
        tensors.set(name, randomTensor(dtype, shape, shared, seed));
        if (tensors.get(name)!.data.length > 0) nonEmpty++;
      }
      const pieces = encodeSafetensors(tensors, metadata);
      const encoded = Buffer.concat(pieces);
      // Anywhere in memory, so that the arrays are views in some cases and copies in others.
      const bytes = new Uint8Array(encoded.length + misalignment).subarray(misalignment);
      bytes.set(encoded);
      const decoded = decodeSafetensors(bytes, "property");
      assert.equal(decoded.tensors.size, tensors.size);
      for (const [name, { dtype, shape, data }] of tensors) {
        const found = decoded.tensors.get(name)!;
        assert.equal(found.dtype, dtype);
        assert.deepEqual(found.shape, shape);
        assert.equal(found.data.constructor, data.constructor);
        assert.deepEqual(bytesOf(found), bytesOf({ dtype, shape, data } as Tensor));
      }
      assert.deepEqual({ ...decoded.metadata }, { ...metadata });

      const reversed = new Map([...tensors].reverse());
      const reversedMetadata = Object.fromEntries(Object.entries(metadata).reverse());
      assert.deepEqual(Buffer.concat(encodeSafetensors(reversed, reversedMetadata)), encoded);
    }),
    { seed: 1, numRuns: 500 },
  );
  assert.ok(nonEmpty > 300);
});

function randomTensor(
  dtype: Tensor["dtype"],
  shape: number[],
  shared: boolean,
  seed: number,
): Tensor {
  const constructors = {
    F32: Float32Array,
    F64: Float64Array,
    I32: Int32Array,
    U32: Uint32Array,
    U8: Uint8Array,
    I64: BigInt64Array,
  };
  const Constructor = constructors[dtype];
  const count = shape.reduce((product, length) => product * length, 1);
  const byteLength = count * Constructor.BYTES_PER_ELEMENT;
  const buffer = shared ? new SharedArrayBuffer(byteLength) : new ArrayBuffer(byteLength);
  new Uint8Array(buffer).forEach((_, i, bytes) =>
    bytes[i] = Math.imul(seed + i, 0x9e3779b1) >>> 24
  );
  return { dtype, shape, data: new Constructor(buffer as ArrayBuffer) } as Tensor;
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

Deno.test("encodeSafetensors lays out the bytes as documented", () => {
  const pieces = encodeSafetensors({
    b: { dtype: "U8", shape: [1], data: Uint8Array.of(9) },
    c: { dtype: "I64", shape: [1], data: BigInt64Array.of(1n) },
    a: { dtype: "F32", shape: [1], data: Float32Array.of(1) },
  }, { z: "1", y: "2" });
  const header = '{"__metadata__":{"y":"2","z":"1"},' +
    '"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},' +
    '"b":{"dtype":"U8","shape":[1],"data_offsets":[12,13]},' +
    '"c":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const expected = file(padded, 13);
  expected.set([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 9], 8 + padded.length);
  assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), expected);
});

Deno.test("encodeSafetensors copies no array, and decodeSafetensors none that is aligned", () => {
  const data = Float32Array.of(1, 2, 3);
  const pieces = encodeSafetensors({ x: { dtype: "F32", shape: [3], data } });
  assert.equal(pieces[1].buffer, data.buffer);

  const bytes = new Uint8Array(Buffer.concat(pieces));
  const aligned = decodeSafetensors(bytes, "aligned").tensors.get("x")!.data;
  assert.equal(aligned.buffer, bytes.buffer);

  const moved = new Uint8Array(bytes.length + 1).subarray(1);
  moved.set(bytes);
  const copied = decodeSafetensors(moved, "moved").tensors.get("x")!.data;
  assert.notEqual(copied.buffer, moved.buffer);
  assert.deepEqual(copied, data);

  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const own = decodeSafetensors(shared, "shared").tensors.get("x")!.data;
  assert.ok(own.buffer instanceof ArrayBuffer);
  assert.deepEqual(own, data);
});

Deno.test("encodeSafetensors refuses what it could not read back", () => {
  const data = Float32Array.of(1, 2);
  const tensor = { dtype: "F32", shape: [2], data } as const;
  const cases: [Record<string, unknown>, Record<string, unknown>, RegExp][] = [
    [{ "": tensor }, {}, /found an empty name/],
    [{ __metadata__: tensor }, {}, /found the reserved name/],
    [{ "a\nb": tensor }, {}, /found a control character in the name "a\\nb"/],
    [{ "a\ud800": tensor }, {}, /found half a surrogate pair/],
    [{ ["x".repeat(1025)]: tensor }, {}, /found a name of 1025 characters, need at most 1024/],
    [{ a: { ...tensor, shape: [3] } }, {}, /tensor "a": found 2 numbers, .* shape \[3\]/],
    [{ a: { ...tensor, shape: [-1, -2] } }, {}, /found 2 numbers/],
    [{ a: { ...tensor, shape: [0.5, 4] } }, {}, /found 2 numbers/],
    [{ a: { ...tensor, dtype: "F16" } }, {}, /as dtype "F16", need F64, I64/],
    [{ a: { ...tensor, dtype: "I32" } }, {}, /found Float32Array as dtype "I32", need Int32Array/],
    [{ a: tensor }, { b: 1 }, /metadata "b": found number, need well-formed text/],
    [{ a: tensor }, { b: "\udc00" }, /need well-formed text/],
    [{ a: tensor }, { "": "b" }, /Cannot encode metadata: found an empty name/],
  ];
  for (const [tensors, metadata, message] of cases) {
    assert.throws(
      () =>
        encodeSafetensors(tensors as Record<string, Tensor>, metadata as Record<string, string>),
      (error) => error instanceof TypeError && message.test(error.message),
      String(message),
    );
  }
  assert.throws(
    () => encodeSafetensors({ a: tensor }, { b: "x".repeat(2 ** 24) }),
    /found a header of 167\d+ bytes, need at most 16777216/,
  );
});

Deno.test("decodeSafetensors says what is wrong with a header", () => {
  const x = (rest: string) => `{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]${rest}}`;
  const one = (dtype: string, shape: string, offsets: string) =>
    `{"x":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`;
  const cases: [string, number, RegExp][] = [
    ["  ", 0, /found " " at character 0 of the header, need a header that begins with "{"/],
    ["[]", 0, /found "\[" at character 0 of the header, need a header that begins with "{"/],
    [' {"x":1}', 0, /need a header that begins/],
    ["\ufeff{}", 0, /found "\ufeff" at character 0/],
    ["{}x", 0, /found "x" at character 2 of the header, need JSON of objects/],
    ["{} {}", 0, /found a header that is not JSON \(.* at position 3.*\), need JSON/],
    ["{,}", 0, /not JSON \(.* position 1\b.*\), need JSON/],
    ['{"x"}', 0, /not JSON \(.* position 4\b.*\), need JSON/],
    ['{"x', 0, /found a header that is not JSON \(Unterminated string .* position 3\b.*\), need/],
    ['{"x\\', 0, /not JSON \(Unexpected end of JSON input\), need/],
    ['{"\\x":1}', 0, /not JSON \(Bad escaped character .* position [23]\b.*\), need/],
    ['{"a\tb":1}', 0, /not JSON \(Bad control character .* position [23]\b.*\), need/],
    ['{"a\\u0000b":{}}', 0, /found a control character in the name "a\\u0000b"/],
    ['{"\\ud800":{}}', 0, /found half a surrogate pair/],
    ['{"":{}}', 0, /found an empty name/],
    ['{"x":3}', 0, /found 3 as tensor "x", need an object/],
    ['{"x":{}}', 0, /found nothing as "dtype" of tensor "x", need it/],
    ['{"x":{"dtype":"U8"}}', 0, /found nothing as "shape" of tensor "x"/],
    ['{"x":{"dtype":"U8","shape":[]}}', 0, /found nothing as "data_offsets" of tensor "x"/],
    [x(',"strides":[1]}'), 4, /found "strides" of tensor "x", need nothing of that name/],
    [
      x(',"shape":[4]}'),
      4,
      /found the key "shape" again at character 52 of the header, need every key once/,
    ],
    [
      x('},"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}'),
      4,
      /found the key "x" again at character 53/,
    ],
    [x('},"\\u0078":{}'), 4, /found the key "x" again at character 53/],
    [one('"BF16"', "[2]", "[0,4]"), 4, /found "BF16" as "dtype" of tensor "x", need one of F64/],
    [one('"toString"', "[2]", "[0,4]"), 4, /found "toString" as "dtype"/],
    [one("8", "[2]", "[0,4]"), 4, /found 8 as "dtype" of tensor "x", need one of F64/],
    [
      one('"U8"', "[-4]", "[0,4]"),
      4,
      /found "-" at character 28 of the header, need .* whole numbers/,
    ],
    [one('"U8"', "[4.0]", "[0,4]"), 4, /found "." at character 29/],
    [one('"U8"', "[4e0]", "[0,4]"), 4, /found "e" at character 29/],
    [one('"U8"', "[04]", "[0,4]"), 4, /not JSON \(.* position 29\b.*\), need JSON/],
    [one('"U8"', "[NaN]", "[0,4]"), 4, /found "N" at character 28/],
    [
      one('"U8"', "[9007199254740992]", "[0,4]"),
      4,
      /found 9007199254740992 as "shape\[0\]" of tensor "x", need a whole number from 0 to/,
    ],
    [
      one('"U8"', "[[4]]", "[0,4]"),
      4,
      /found "\[" at character 28 of the header, need a text or a whole number/,
    ],
    [
      one('"U8"', `[${"1,".repeat(32)}4]`, "[0,4]"),
      4,
      /as "shape" of tensor "x", need at most 32 numbers/,
    ],
    [
      one('"U8"', "[4,]", "[0,4]"),
      4,
      /not JSON \(Unexpected token ']'.*"shape":\[4,\].*\), need JSON/,
    ],
    [one('"U8"', "[4 4]", "[0,4]"), 4, /not JSON \(.* position 30\b.*\), need JSON/],
    [one('"U8"', "[5]", "[0,4]"), 4, /found 4 bytes of tensor "x", need 5 for U8 of shape \[5\]/],
    [one('"F32"', "[2]", "[0,4]"), 4, /found 4 bytes of tensor "x", need 8 for F32/],
    [one('"F32"', "[]", "[0,0]"), 0, /found 0 bytes of tensor "x", need 4 for F32 of shape \[\]/],
    [
      one('"U8"', "[4294967296,4294967296,16777216]", "[0,0]"),
      0,
      /need more than 2\^53 for U8/,
    ],
    [one('"U8"', "[4]", "[0]"), 4, /found \[0\] as "data_offsets" of tensor "x", need 2 numbers/],
    [
      one('"U8"', "[4]", "[0,4,4]"),
      4,
      /found \[0,4,4\] as "data_offsets" of tensor "x", need 2 numbers/,
    ],
    [one('"U8"', "[4]", "[4,0]"), 4, /found data_offsets 4 to 0 of tensor "x"/],
    [one('"U8"', "[5]", "[0,5]"), 4, /found data_offsets 0 to 5 .* an ascending pair up to 4/],
    [
      one('"U8"', "[3]", "[1,4]"),
      4,
      /found tensor "x" at byte 1 of the data, need 0, where the hea/,
    ],
    [one('"U8"', "[3]", "[0,3]"), 4, /found 4 bytes of data, need 3, where tensor "x" ends/],
    [
      '{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},' +
      '"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}',
      4,
      /found tensor "b" at byte 2 of the data, need 3, where tensor "a" ends/,
    ],
    ["{}", 1, /found 1 bytes of data, need 0/],
    ['{"__metadata__":{"a":1}}', 0, /found 1 as metadata "a", need a text/],
    ['{"__metadata__":{"a":"b","a":"b"}}', 0, /found the key "a" again at character 25/],
    [
      '{"__metadata__":{"a":"\\udfff"}}',
      0,
      /found "\\udfff" as metadata "a", need text without halves/,
    ],
    ['{"__metadata__":[]}', 0, /found no object of metadata, need one/],
    [`{"x":${"[".repeat(100_000)}`, 0, /found "\[" at character 7 of the header/],
    [`{"x":{"dtype":"${"y".repeat(9999)}"}}`, 0, /found "y{57}\.\.\." as "dtype" of tensor "x"/],
  ];
  for (const [header, dataBytes, message] of cases) {
    assert.throws(
      () => decodeSafetensors(file(header, dataBytes), "bad.safetensors"),
      (error) =>
        error instanceof SyntaxError && message.test(error.message) &&
        error.message.startsWith('Cannot read "bad.safetensors": found '),
      `${header.slice(0, 100)} ${message}`,
    );
  }
  assert.throws(
    () => decodeSafetensors(file(Uint8Array.of(0x7b, 0xff, 0x7d)), "bad"),
    /found a header that is not UTF-8/,
  );
});

Deno.test("decodeSafetensors builds nothing of a header with more keys than a file may have", () => {
  const keys = (count: number) => Array.from({ length: count }, (_, k) => `"${k}":""`).join();
  const metadata = (count: number) => file(`{"__metadata__":{${keys(count)}}}`);
  assert.equal(Object.keys(decodeSafetensors(metadata(2 ** 18), "full").metadata).length, 2 ** 18);
  assert.throws(
    () => decodeSafetensors(metadata(2 ** 18 + 1), "bad"),
    /found one key too many at character \d+ of the header, need at most 262144 an object/,
  );
});

Deno.test("decodeSafetensors checks the header length before it uses it", () => {
  const lengths: [bigint, number, RegExp][] = [
    [
      0n,
      100,
      /found no safetensors header \(one of 0 bytes, at most 16777216\), need a safetensors file, such/,
    ],
    [
      93n,
      100,
      /found the file's end, after 100 bytes, within its header of 93, need the whole file$/,
    ],
    [2n ** 63n, 100, /found no safetensors header \(one of 9223372036854775808 bytes/],
    [
      2n ** 24n + 1n,
      2 ** 25,
      /\(one of 16777217 bytes, at most 16777216\)/,
    ],
  ];
  for (const [length, size, message] of lengths) {
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setBigUint64(0, length, true);
    assert.throws(() => decodeSafetensors(bytes, "bad"), message);
  }
});

Deno.test("decodeSafetensors keeps a name that objects have for themselves", () => {
  const header = '{"__metadata__":{"__proto__":"p"},' +
    '"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
  const { tensors, metadata } = decodeSafetensors(file(header, 1), "odd");
  assert.deepEqual([...tensors.keys()], ["__proto__"]);
  assert.deepEqual(Object.entries(metadata), [["__proto__", "p"]]);
});

Deno.test("readSafetensors reads a file, and readSafetensorsHeader only its header", () => {
  const path = temporaryPath("model.safetensors");
  const data = Float32Array.from({ length: 1000 }, (_, i) => Math.sqrt(i));
  const tensor = { dtype: "F32", shape: [10, 100], data } as const;
  Deno.writeFileSync(path, Buffer.concat(encodeSafetensors({ roots: tensor }, { a: "b" })));
  assert.deepEqual(readSafetensors(path), {
    tensors: new Map([["roots", tensor]]),
    metadata: { a: "b" },
  });
  assert.deepEqual(readSafetensorsHeader(path), {
    entries: [{ name: "roots", dtype: "F32", shape: [10, 100], start: 0, end: 4000 }],
    metadata: { a: "b" },
  });
});

Deno.test("readSafetensors takes no memory for a file that its header does not describe", () => {
  const path = temporaryPath("huge.safetensors");
  const size = 2 ** 36;
  const data = size - 8 - 80;
  const header = `{"x":{"dtype":"U8","shape":[${data}],"data_offsets":[0,${data}]}}`.padEnd(80);
  Deno.writeFileSync(path, file(header));
  assert.throws(() => readSafetensors(path), /found data_offsets 0 to 68719476648 .* up to 0/);
  Deno.truncateSync(path, size); // sparse: it takes no room on the disk
  assert.equal(readSafetensorsHeader(path).entries[0].end, data);
  assert.throws(
    () => readSafetensors(path),
    (error) =>
      error instanceof RangeError && /found 68719476736 bytes, need at/.test(error.message),
  );
  Deno.truncateSync(path, size - 1);
  assert.throws(() => readSafetensors(path, { maximumBytes: size }), /need an ascending pair/);
  Deno.writeFileSync(path, new Uint8Array(100));
  Deno.truncateSync(path, size);
  assert.throws(
    () => readSafetensors(path, { maximumBytes: size }),
    /found no safetensors header/,
  );
});

Deno.test("a file of text or JSON in the place of a model is called that, whatever its length", () => {
  const path = temporaryPath("other.safetensors");
  const kinds = [
    ["JSON", ['{"a": 1}', "[1,2", "\n [[1, 2], [3, 4]]", "{}"]],
    ["text", ["hello", "a,b,y\n1,2,u\n", "# a line\r\n", "tab\tand so on"]],
  ] as const;
  for (const [kind, texts] of kinds) {
    for (const text of texts) {
      Deno.writeTextFileSync(path, text);
      for (const read of [readSafetensors, readSafetensorsHeader]) {
        assert.throws(() => void read(path), {
          name: "SyntaxError",
          message: `Cannot read "${path}": found ${kind}, need a safetensors file, such as a model`,
        });
      }
    }
  }
});

Deno.test("readSafetensors says why a file cannot be read", () => {
  const path = temporaryPath("missing.safetensors");
  assert.throws(
    () => readSafetensors(path),
    (error: Error) =>
      error.message === `Cannot read "${path}": there is no such file or folder` &&
      error.cause instanceof Error,
  );
  assert.throws(() => readSafetensors(Deno.makeTempDirSync()), /found a folder, need a file/);
  Deno.writeFileSync(path, new Uint8Array(3));
  assert.throws(() => readSafetensors(path), /found 3 bytes, need a safetensors file/);
  assert.throws(() => readSafetensorsHeader(path), /found 3 bytes, need a safetensors file/);
  assert.throws(
    () => readSafetensors(new URL("half.safetensors", fixtures).pathname),
    /found "F16" as "dtype" of tensor "half", need one of F64, I64, F32, I32, U32, U8/,
  );
});
