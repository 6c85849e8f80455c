import assert from "node:assert/strict";
import { load } from "../../lib/model/model_file.ts";
import { runTask } from "./run_task.ts";
import { folderWithTable, tinyOptions } from "./tiny_run.ts";

Deno.test("inspect shows layers, degrees, members and overlaps as they are in the file", async () => {
  const from = folderWithTable();
  const args = ["table.csv", "--target", "class", "--out", "run", ...tinyOptions()];
  assert.equal((await runTask("train", args, { from })).code, 0);
  const model = load(`${from}/run/model.safetensors`);

  const { code, stdout, stderr } = await runTask("inspect", ["run/model.safetensors", "--json"], {
    from,
  });
  assert.equal(code, 0, stderr);
  const found = JSON.parse(stdout);
  assert.deepEqual(found.settings, model.settings);
  assert.deepEqual(found.classes, ["no", "yes"]);
  assert.equal(found.target, "class");
  assert.deepEqual(found.featureNames, ["a", 'b, "quoted"', "c", "d"]);
  assert.equal(found.members.length, 2);
  const positions = model.members.map(({ layers }) => {
    const layer = layers[1];
    assert.ok(layer.kind === "sparse");
    const { indptr, indices } = layer;
    return new Set(
      Array.from(
        { length: 24 },
        (_, row) =>
          [...indices.subarray(indptr[row], indptr[row + 1])].map((column) => 24 * row + column),
      ).flat(),
    );
  });
  const hidden = found.members[1].layers[1];
  assert.equal(hidden.nnz, positions[1].size);
  assert.equal(hidden.density, positions[1].size / 576);
  const incoming = Array.from(
    { length: 24 },
    (_, row) => [...positions[1]].filter((p) => Math.floor(p / 24) === row).length,
  );
  assert.equal(hidden.incoming.least, Math.min(...incoming));
  assert.equal(hidden.incoming.most, Math.max(...incoming));
  const shared = [...positions[0]].filter((position) => positions[1].has(position)).length;
  assert.ok(Math.abs(found.overlaps[1][0][1] - shared / positions[0].size) < 1e-12);
  assert.equal(found.overlaps[1][0][0], 1);

  const text = await runTask("inspect", ["run/model.safetensors"], { from });
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /^Method fd, seed 1, target "class"\nClasses: no, yes\n/);
  assert.match(text.stdout, new RegExp(`2 \\(sparse\\) │ 24 → 24 .*│ ${hidden.nnz} `));
  assert.match(text.stdout, /Layer 2: share of a member's connections/);
});
