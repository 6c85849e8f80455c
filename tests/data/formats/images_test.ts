/** Images as MNIST and MATLAB keep them (fixtures/make_images.py), against what SciPy reads. */
import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { readDataset } from "../../../mod.ts";
import { readHeader } from "../../../lib/data/formats/mod.ts";
import { randomStream } from "../../../lib/random.ts";
import { newFolder, readBytes, readJsonFile, writeFile } from "../../files.ts";

const fixtures = new URL("../fixtures/", import.meta.url);
const expected: {
  idx: Record<string, number[]>;
  mat: Record<string, { target: string; features: number[]; labels: string[] }>;
} = readJsonFile(new URL("images.json", fixtures));
const image = (name: string) => new URL(`images/${name}`, fixtures);
const folder = newFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const labelsOf = ({ labels, classes }: { labels: Int32Array; classes: readonly string[] }) =>
  Array.from(labels, (code) => classes[code]);

for (const [name, features] of Object.entries(expected.idx)) {
  Deno.test(`${name}: a row of pixels an image, and the labels beside it`, async () => {
    const { dataset } = await readDataset(image(name), { target: "labels" });
    assert.deepEqual([...dataset.features], features);
    assert.deepEqual([dataset.rows, dataset.columns], [6, 6]);
    assert.deepEqual(labelsOf(dataset), ["0", "1", "2", "0", "1", "2"]);
    assert.deepEqual(await readHeader(image(name)), [...dataset.featureNames, "labels"]);
  });
}

for (const [name, { target, features, labels }] of Object.entries(expected.mat)) {
  Deno.test(`${name} has the numbers and labels that SciPy reads`, async () => {
    const { dataset } = await readDataset(image(name), { target });
    assert.deepEqual([...dataset.features], features);
    assert.deepEqual(labelsOf(dataset), labels);
    assert.equal(dataset.target, target);
  });
}

Deno.test("a pixel may be the target, and a number be predicted", async () => {
  const { dataset } = await readDataset(image("mixed-images.idx"), { target: "x0" });
  assert.equal(dataset.columns, 5);
  const options = { target: "Y", task: "regression" } as const;
  const numbers = await readDataset(image("coil.mat"), options);
  assert.deepEqual([...numbers.dataset.targets!], [1, 2, 3, 1, 2, 3]);
});

/** Reads what a change made of a file, under another name. */
async function messageOf(bytes: Uint8Array, name: string, target = "labels"): Promise<string> {
  writeFile(`${folder}/${name}`, bytes);
  const error = await readDataset(`${folder}/${name}`, { target }).then(
    () => assert.fail(`${name} was read`),
    (error: Error) => error,
  );
  assert.ok(["SyntaxError", "TypeError", "RangeError"].includes(error.name), error.stack);
  assert.doesNotMatch(error.message, /undefined|\[object|\n|\.$/);
  return error.message;
}

/** A header of three axes, and as many zeros as are asked for. */
function idx(axes: number[], bytes: number, type = 8): Uint8Array {
  const array = new Uint8Array(4 + 4 * axes.length + bytes);
  array.set([0, 0, type, axes.length]);
  axes.forEach((length, axis) => new DataView(array.buffer).setUint32(4 + 4 * axis, length));
  return array;
}

Deno.test("what is no whole IDX file is refused, before memory is taken for what it claims", async () => {
  const name = "x-images.idx";
  const cases: [bytes: Uint8Array, says: RegExp][] = [
    [Uint8Array.of(1, 2, 3), /found other data, need an array in the IDX format$/],
    [new Uint8Array(0), /found other data/],
    [idx([2, 2, 2], 8, 10), /found other data/],
    [idx([2, 2, 2], 8).slice(0, 9), /found the end of the data within the header/],
    [
      idx([2, 2, 2], 7),
      /found 7 bytes of elements, need 8 bytes for 2 × 4 elements, as its header says$/,
    ],
    [idx([2, 2, 2], 9), /found 9 bytes of elements, need 8/],
    [idx([4e9, 4e9, 4e9], 8), /found 4000000000 × .* elements, need fewer$/],
    [idx([4e9, 28, 28], 8), /need 3136000000000 bytes for/],
    [idx([8], 8), /found 1 axis \(8\), need two/],
    [idx([1, 2 ** 21], 2 ** 21), /found 2097152 columns, need at most/],
  ];
  for (const [bytes, says] of cases) assert.match(await messageOf(bytes, name), says);
  const packed: typeof cases = [
    [idx([4e9, 28, 28], 8), /found \d+ bytes of gzip data, need 3136000000000 bytes for/],
    [idx([2, 2, 2], 9), /found more elements, need 8 bytes/],
    [idx([2, 2, 2], 7), /found the end of the data within the array/],
  ];
  for (const [bytes, says] of packed) {
    const file = new Uint8Array(gzipSync(bytes));
    assert.match(await messageOf(file, `${name}.gz`, "x0"), says);
  }
  assert.match(await messageOf(idx([2, 2, 2], 8), "y-images.idx.gz"), /not compressed/);
});

Deno.test("what is no whole MAT file of version 5 is refused, with the reason", async () => {
  const whole = readBytes(image("plain.mat"));
  const change = (at: number, ...bytes: number[]) => {
    const other = whole.slice();
    other.set(bytes, at);
    return other;
  };
  const cases: [bytes: Uint8Array, says: RegExp, target?: string][] = [
    [new Uint8Array(10), /found other data, need a MAT file of version 5$/],
    [change(126, 0, 0), /found other data/],
    [
      change(124, 0, 2),
      /found version 7\.3 of the format, need version 5: save it in MATLAB with -v7/,
    ],
    [whole.slice(0, -9), /found the end of the data within an element, need all of it$/],
    [whole.slice(0, 131), /found the end of the data within an element/],
    [whole, /no column "class"|need it as the target/, "class"],
  ];
  for (const [bytes, says, target = "gnd"] of cases) {
    assert.match(await messageOf(bytes, "x.mat", target), says);
  }
  const more = readBytes(image("more.mat"));
  for (
    const [target, says] of [
      [
        "hard",
        /variable "hard": found a matrix of complex numbers, need a matrix of numbers such as "X"/,
      ],
      ["info", /variable "info": found a structure/],
      ["few", /variable "few": found a sparse matrix/],
      ["words", /variable "words": found text/],
    ] as const
  ) assert.match(await messageOf(more, "more.mat", target), says);
});

Deno.test("a changed byte is read as other data or refused in a sentence", async () => {
  const random = randomStream(1, "bytes");
  const files: [name: string, target: string][] = [
    ["coil.mat", "Y"],
    ["more.mat", "Y"],
    ["plain.mat", "gnd"],
    ["longs-images.idx", "labels"],
    ["packed-images-idx3-ubyte.gz", "labels"],
  ];
  for (const [name, target] of files) {
    const whole = readBytes(image(name));
    for (let round = 0; round < 120; round++) {
      const bytes = whole.slice();
      const at = random.below(bytes.length);
      bytes[at] ^= 1 << random.below(8);
      writeFile(`${folder}/${name}`, bytes);
      await readDataset(`${folder}/${name}`, { target }).catch((error: Error) => {
        assert.ok(["SyntaxError", "TypeError", "RangeError"].includes(error.name), error.stack);
        assert.match(error.message, /^Cannot (read|use) /, `${name}: ${at}`);
      });
    }
  }
  // The bytes of the packed file itself, behind the digest that gzip keeps.
  assert.equal(gunzipSync(readBytes(image("packed-images-idx3-ubyte.gz"))).length, 52);
});
