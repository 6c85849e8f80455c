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
