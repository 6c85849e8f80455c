/** Files in the format of models that are refused: what is wrong with them is said. */
import assert from "node:assert/strict";
import {
  decodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
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
