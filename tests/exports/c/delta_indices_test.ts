import assert from "node:assert/strict";
import { exportC, planModel } from "../../../lib/exports/mod.ts";
import { encodeDeltas } from "../../../lib/exports/c/delta_indices.ts";
import { modelOf } from "../varied_models.ts";

/** The indices that counts and steps lead to. */
function decoded({ counts, deltas, entries }: ReturnType<typeof encodeDeltas>): number[][] {
  let at = 0;
  return counts.map((count) => {
    let input = 0;
    return Array.from({ length: count }, () => {
      input += deltas[at];
      return entries[at++] < 0 ? -1 : input;
    }).filter((input) => input >= 0);
  });
}

Deno.test("steps lead to the same inputs, with 8 bits or 16", () => {
  const near = encodeDeltas([0, 3, 3, 4], [0, 7, 255, 255], 1);
  assert.deepEqual([near.bits, near.counts], [8, [3, 0, 1]]);
  assert.deepEqual(decoded(near), [[0, 7, 255], [], [255]]);

  // One step of 600 takes two more bytes each of 8 bits, and weights of 4 bytes make that dear.
  const far = [[0, 2], [3, 603]] as const;
  const [narrow, wide] = [encodeDeltas(...far, 0), encodeDeltas(...far, 4)];
  assert.deepEqual([narrow.bits, narrow.deltas, narrow.entries], [8, [3, 255, 255, 90], [
    0,
    -1,
    -1,
    1,
  ]]);
  assert.deepEqual([wide.bits, wide.deltas], [16, [3, 600]]);
  assert.deepEqual(decoded(narrow), decoded(wide));
});

Deno.test("a sparse layer that has all its connections is stored without indices", async () => {
  const plan = planModel(await modelOf("blocks of 8"));
  for (const weights of ["float32", "int16", "int8"] as const) {
    const { files: [{ content }] } = exportC(plan, { weights });
    for (const { number, layers } of plan.members) {
      const [first, last] = [layers[0], layers.at(-1)!];
      assert.ok(first.kind === "sparse" && last.kind === "sparse");
      assert.equal(last.data.length, last.outputs * last.inputs);
      const hasSteps = (layer: number) => `${content}`.includes(` m${number}_l${layer}_steps[`);
      assert.deepEqual([hasSteps(1), hasSteps(layers.length)], [true, false]);
    }
  }
});
