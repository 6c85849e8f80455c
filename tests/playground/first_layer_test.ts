/** The picture of the first layer, against products of dense matrices. */
import assert from "node:assert/strict";
import { datasetFromTable, openKernels } from "../../mod.ts";
import { columnInputs } from "../../lib/data/preprocessing/mod.ts";
import { openRun, prepareProblem, train, type TrainingRun } from "../../lib/ensemble/mod.ts";
import { storeNetwork } from "../../lib/nn/mod.ts";
import { watchFirstLayer } from "../../lib/playground/worker/first_layer.ts";
import { playgroundSettings } from "../../lib/playground/worker/recipe.ts";

const { dataset } = datasetFromTable(
  Array.from({ length: 200 }, (_, i) => ({
    height: i % 20,
    kind: ["oak", "elm", "ash"][i % 3],
    width: i % 7 === 0 ? null : i % 11,
    fixed: 1,
    size: i % 20 < 10 ? "small" : "tall",
  })),
  { target: "size" },
);

/** Connections of every column with every neuron, by dense matrices of ones. */
function denseConnections(run: TrainingRun, inputs: readonly number[][], hasSines: boolean) {
  const [first, second] = storeNetwork(run.stage.network).map((layer) => {
    const [rows, columns] = layer.shape;
    const ones = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
    assert.ok(layer.kind === "sparse");
    const size = layer.blockSize ?? 1;
    for (let row = 0; row < rows; row++) {
      const block = Math.floor(row / size);
      for (let k = layer.indptr[block]; k < layer.indptr[block + 1]; k++) {
        ones[row][layer.indices[k]] = 1;
      }
    }
    return ones;
  });
  const product = hasSines
    ? second.map((row) =>
      first[0].map((_, input) => row.reduce((sum, one, unit) => sum + one * first[unit][input], 0))
    )
    : first;
  return inputs.map((own) => product.map((row) => own.reduce((sum, i) => sum + row[i], 0)));
}

for (const embedding of ["periodic", "none"] as const) {
  Deno.test(`columns have the connections of their inputs (embedding: ${embedding})`, async () => {
    using opened = await openKernels("wasm", 1);
    const settings = {
      ...playgroundSettings("classification", 2, dataset.rows),
      ...{ embedding, hidden: [24, 16], epochs: 6, epsilon: 3 },
    };
    const prepared = prepareProblem(dataset, settings);
    using run = openRun(prepared.problem, settings, opened.kernels);
    const inputs = columnInputs(prepared.preprocessing);
    const watch = watchFirstLayer(prepared.preprocessing);
    const used = [...inputs.keys()].filter((column) => inputs[column].length > 0);
    assert.deepEqual(used.map((column) => dataset.featureNames[column]), [
      ...["height", "kind", "width"],
    ]);
    const look = () => {
      const dense = denseConnections(run, inputs, embedding === "periodic");
      const news = watch.look(run);
      assert.deepEqual(news.columns, used.map((column) => dataset.featureNames[column]));
      assert.equal(news.neurons, 24);
      assert.deepEqual([...news.cells], used.flatMap((column) => dense[column]));
      const sums = used.map((column) => dense[column].reduce((sum, count) => sum + count, 0));
      assert.deepEqual(news.counts, sums);
      return { dense, news };
    };
    let before = look();
    let began = before;
    assert.deepEqual(before.news.before, before.news.counts);
    let changes = 0;
    for (const event of train(run)) {
      if (event.type === "member" && run.progress.epoch < run.schedule.epochs) {
        before = began = look();
        assert.ok(before.news.grown.every((own) => own === 0));
        assert.equal(before.news.member, 1);
      }
      if (event.type !== "topology") continue;
      const now = look();
      assert.deepEqual(now.news.before, began.news.counts);
      const grown = used.flatMap((column) =>
        now.dense[column].map((count, neuron) => Number(count > before.dense[column][neuron]))
      );
      assert.deepEqual([...now.news.grown], grown);
      if (grown.includes(1)) changes++;
      before = now;
    }
    assert.ok(changes > 2, `${changes} changes were seen`);
  });
}
