/** Models whose neighbouring neurons share their inputs: their files, and what is told of them. */
import assert from "node:assert/strict";
import { inspectModel } from "../../lib/model/inspection.ts";
import {
  describeMembers,
  membersFromTensors,
  membersToTensors,
} from "../../lib/model/member_tensors.ts";
import type { Model } from "../../lib/model/model.ts";
import { decodeModel, encodeModel, load, save } from "../../lib/model/model_file.ts";
import { predictProba } from "../../lib/model/predictor.ts";
import type { StoredSparseLayer } from "../../lib/nn/stored_layer.ts";
import { inputStrengths } from "../../lib/prediction/importance.ts";
import { nnstd, topologyOverlaps } from "../../lib/prediction/mod.ts";
import { csrFromBlocks, csrToDense } from "../../lib/sparse/mod.ts";
import { newFolder, readBytes } from "../files.ts";
import { smallDataset, smallModel } from "./small_model.ts";

const BLOCKS = { blockSize: 8, hidden: [32, 20] };

/** The same model without blocks. */
function expanded(model: Model): Model {
  const members = model.members.map((member) => ({
    ...member,
    layers: (member.layers as readonly StoredSparseLayer[]).map((layer) => ({
      ...{ kind: "sparse", ...csrFromBlocks(layer), bias: layer.bias } as const,
    })),
  }));
  const { blockSize: _, ...settings } = model.settings;
  return { ...model, members, settings };
}

const rowsOf = ({ features, columns, rows }: ReturnType<typeof smallDataset>) =>
  Array.from({ length: rows }, (_, row) => [
    ...features.subarray(row * columns, (row + 1) * columns),
  ]);

Deno.test("a model in blocks comes back from its file, which older libraries refuse to read", async () => {
  const model = await smallModel(BLOCKS);
  const path = `${newFolder()}/model.safetensors`;
  save(model, path);
  const again = load(path);
  assert.deepEqual(again, model);
  const copy = `${path}.copy`;
  save(again, copy);
  assert.deepEqual(readBytes(copy), readBytes(path));
  const described = (it: Model) => JSON.parse(encodeModel(it).metadata.sparsemble!);
  assert.equal(described(model).version, 5);
  assert.deepEqual(
    described(model).members[1].layers.map(({ blockSize }: { blockSize?: number }) => blockSize),
    [8, 4, undefined],
  );
  // Without blocks a model is as it was, and any library of before reads it.
  const plain = await smallModel({ blockSize: 1 });
  assert.equal(described(plain).version, 2);
  assert.deepEqual(encodeModel(plain), encodeModel(await smallModel()));
  assert.ok(!("blockSize" in plain.settings));
});

Deno.test("a model in blocks predicts what the same one without them does", async () => {
  const model = await smallModel(BLOCKS);
  const rows = rowsOf(smallDataset(70, 4));
  for (const some of [rows.slice(0, 1), rows]) {
    const [blocked, plain] = [predictProba(model, some), predictProba(expanded(model), some)];
    blocked.forEach((p, i) => assert.ok(Math.abs(p - plain[i]) < 1e-5));
  }
});

Deno.test("what is told of a model in blocks is what is told of its neurons", async () => {
  const model = await smallModel({ ...BLOCKS, epsilon: 1 });
  const plain = expanded(model);
  const told = inspectModel(model);
  const sizes = told.members.map(({ layers }) => layers.map(({ blockSize }) => blockSize));
  assert.deepEqual(sizes, [[8, 4, 1], [8, 4, 1]]);
  const alike = inspectModel(plain);
  const withSizes = alike.members.map((member) => ({
    ...member,
    layers: member.layers.map((layer, l) => ({ ...layer, blockSize: [8, 4, 1][l] })),
  }));
  assert.deepEqual(told, { ...alike, members: withSizes });
  const [one, other] = model.members.map(({ layers }) => layers);
  const [first, second] = plain.members.map(({ layers }) => layers);
  assert.deepEqual(await nnstd(one, other), await nnstd(first, second));
  assert.deepEqual(topologyOverlaps([one, other]), topologyOverlaps([first, second]));
  const strengths = [...inputStrengths({ layers: one })];
  [...inputStrengths({ layers: first })].forEach((strength, i) =>
    assert.ok(Math.abs(strengths[i] - strength) <= 1e-9 * strength)
  );
  // The same network with and without blocks has the same connections.
  const distances = (await nnstd(one, first)).map(({ distance }) => distance);
  assert.deepEqual(distances, [0, 0, 0]);
});

Deno.test("sizes of blocks that a layer cannot have are refused", async () => {
  const { members } = await smallModel(BLOCKS);
  const cases: [l: number, change: object, says: RegExp][] = [
    [0, { blockSize: 3 }, /found 3 as .*blockSize", need one of 2, 4, 8, 16/],
    [0, { blockSize: 1 }, /found 1 as .*blockSize", need one of 2, 4, 8, 16/],
    [0, { blockSize: "8" }, /found "8" as .*blockSize"/],
    [
      1,
      { blockSize: 8 },
      /need blocks in sparse layers alone, and outputs that their size divides/,
    ],
    [2, { kind: "dense", blockSize: 2 }, /need blocks in sparse layers alone/],
    [0, { blockSize: 4 }, /tensor "member.0.layer.0.indptr" with I32 of shape \[5\], need .*\[9\]/],
    [2, { shape: [4, 20], blockSize: 2 }, /need I32 of shape \[3\]/],
  ];
  for (const [l, change, says] of cases) {
    const description = JSON.parse(JSON.stringify(describeMembers(members.slice(0, 1))));
    Object.assign(description[0].layers[l], change);
    const tensors = membersToTensors(members.slice(0, 1));
    assert.throws(() => membersFromTensors(tensors, description, "model"), says);
  }
  const tensors = membersToTensors(members);
  const { data } = tensors.get("member.0.layer.0.data")!;
  tensors.set("member.0.layer.0.data", { dtype: "F32", shape: [data.length], data } as never);
  assert.throws(
    () => membersFromTensors(tensors, describeMembers(members), "model"),
    /"member.0.layer.0.data" with F32 of shape \[\d+\], need F32 of shape \[\d+, 8, 1\]/,
  );
});

Deno.test("a model in blocks decodes from memory as it was encoded", async () => {
  const model = await smallModel(BLOCKS);
  assert.deepEqual(decodeModel(encodeModel(model), "memory"), model);
});

/** Whether python3 is there, with what a SciPy user has. */
const python = (() => {
  try {
    const args = ["-c", "import safetensors.numpy, scipy.sparse"];
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();

Deno.test({
  name: "SciPy opens a layer's blocks as a bsr_matrix of the same product (needs python3)",
  ignore: !python,
  async fn() {
    const script = new URL("./fixtures/open_blocks.py", import.meta.url).pathname;
    for (const blockSize of [2, 4, 8, 16]) {
      const model = await smallModel({ blockSize, hidden: [32, 48] });
      const path = `${newFolder()}/model.safetensors`;
      save(model, path);
      const layer = model.members[1].layers[1] as StoredSparseLayer;
      const args = [script, path, "member.1.layer.1", `${blockSize}`, ...layer.shape.map(String)];
      const { success, stdout, stderr } = new Deno.Command("python3", { args }).outputSync();
      assert.ok(success, new TextDecoder().decode(stderr));
      const opened = JSON.parse(new TextDecoder().decode(stdout));
      assert.deepEqual(opened.blocksize, [blockSize, 1]);
      assert.equal(opened.canonical, true);
      assert.equal(opened.nnz, layer.data.length);
      const dense = csrToDense(csrFromBlocks(layer));
      assert.deepEqual(Float32Array.from(opened.dense), dense);
      const [rows, columns] = layer.shape;
      const product = Array.from(
        { length: rows },
        (_, row) =>
          dense.subarray(row * columns, (row + 1) * columns)
            .reduce((sum, weight, i) => sum + weight * (i - columns / 3), 0),
      );
      product.forEach((value, row) => assert.ok(Math.abs(value - opened.product[row]) < 1e-9));
    }
  },
});
