/** The importance of columns, on tables whose relevant columns are known. */
import assert from "node:assert/strict";
import { fit } from "../../lib/ensemble/fit.ts";
import { readDataset } from "../../lib/data/formats/read_dataset.ts";
import { chooseKernels } from "../../lib/kernels/choose.ts";
import { importance } from "../../lib/model/importance.ts";
import { score } from "../../lib/model/score.ts";
import { drawPermutations } from "../../lib/prediction/importance.ts";
import { randomStream } from "../../lib/random.ts";
import type { Dataset } from "../../lib/data/table/dataset.ts";
import type { Settings } from "../../lib/settings/mod.ts";
import { newFolder, writeFile } from "../files.ts";

const { kernels } = chooseKernels("wasm");

/** `size` and `kind` decide; `noise` is noise, `flat` is constant, `gaps` is noise that is often missing. */
async function table(
  rows: number,
  seed: number,
  task: Settings["task"] = "classification",
): Promise<Dataset> {
  const random = randomStream(seed, "table of known columns");
  const lines = Array.from({ length: rows }, () => {
    const size = random.normal();
    const kind = random.below(3);
    const gaps = random.float() < 0.3 ? "" : random.normal().toFixed(4);
    const value = 1.5 * size + [0, 1.5, -1.5][kind] + 0.2 * random.normal();
    const target = task === "regression" ? (100 + 10 * value).toFixed(3) : value > 0 ? "yes" : "no";
    const word = ["oak", "ash", "elm"][kind];
    return [random.normal().toFixed(4), size.toFixed(4), word, gaps, 7, target].join(",");
  });
  const path = `${newFolder()}/table.csv`;
  writeFile(path, `noise,size,kind,gaps,flat,y\n${lines.join("\n")}\n`);
  const kind = task === "regression" ? task : "classification";
  const options = { target: "y", task: kind, missing: "keep", categorical: "auto" } as const;
  return (await readDataset(path, options)).dataset;
}

const SETTINGS: Readonly<Record<string, Partial<Settings>>> = {
  "paper's recipe": {
    ...{ method: "fd", hidden: [40, 40], epsilon: 6, epochs: 60, explore: 20, members: 2 },
    ...{ batchSize: 32, learningRate: 0.02 },
  },
  "modern recipe": {
    ...{ recipe: "modern", hidden: [40, 40], epsilon: 6, epochs: 25, members: 2, trials: 0 },
    ...{ candidates: [], adaptToRows: false, batchSize: 32 },
  },
  "modern recipe, numbers": {
    ...{ recipe: "modern", task: "regression", hidden: [40, 40], epsilon: 6, epochs: 25 },
    ...{ members: 2, trials: 0, candidates: [], adaptToRows: false, batchSize: 32 },
  },
};

for (const [name, settings] of Object.entries(SETTINGS)) {
  Deno.test(`importance finds the columns that decide (${name})`, async () => {
    const train = await table(500, 1, settings.task);
    const held = await table(300, 2, settings.task);
    const model = await fit(train, { ...settings, kernels: "wasm" });
    const found = importance(model, held, { kernels });
    assert.equal(found.measure, settings.task === "regression" ? "r2" : "accuracy");
    assert.equal(found.score, score(model, held, kernels));
    assert.deepEqual([found.rows, found.repeats], [300, 10]);
    const { noise, size, kind, gaps, flat } = Object.fromEntries(
      found.columns.map((column) => [column.column, column]),
    );
    for (const relevant of [size, kind]) {
      assert.ok(relevant.low > 0.1, JSON.stringify(relevant));
      for (const other of [noise, gaps]) {
        assert.ok(relevant.low > other.high + 0.05, JSON.stringify({ relevant, other }));
      }
    }
    for (const { loss, low, high, losses } of found.columns) {
      assert.ok(low <= loss && loss <= high && losses.length === 10);
      assert.ok(high <= found.score || found.measure === "r2");
    }
    // The category has an input each, the gaps a number and an indicator, the constant none.
    assert.deepEqual(found.columns.map(({ inputs }) => inputs), [1, 1, 3, 2, 0]);
    assert.deepEqual([flat.loss, flat.low, flat.high, flat.strength], [0, 0, 0, 0]);
    // Connections of what decides are stronger.
    assert.ok(size.strength > noise.strength && kind.strength > gaps.strength);
    const all = found.columns.reduce((sum, { strength }) => sum + strength, 0);
    assert.ok(Math.abs(all - 1) < 1e-9);
  });
}

Deno.test("strengths are shares of a whole where votes do not add up to 1", async () => {
  const train = await table(200, 5, "regression");
  const settings = {
    ...SETTINGS["modern recipe, numbers"],
    method: "boosting",
    members: 3,
  } as const;
  const model = await fit(train, { ...settings, epochs: 5, kernels: "wasm" });
  assert.deepEqual(model.members.map(({ vote }) => vote), [1, 0.5, 0.5]);
  const found = importance(model, train, { kernels, repeats: 2 });
  const all = found.columns.reduce((sum, { strength }) => sum + strength, 0);
  assert.ok(Math.abs(all - 1) < 1e-9, `${all}`);
});

Deno.test("importance is what permuting the raw column costs, categories and gaps included", async () => {
  const train = await table(200, 3);
  const held = await table(90, 4);
  const model = await fit(train, { ...SETTINGS["paper's recipe"], epochs: 25, kernels: "wasm" });
  const found = importance(model, held, { kernels, repeats: 3, seed: 9 });
  const permutations = drawPermutations(90, 3, randomStream(9, "importance"));
  for (const [c, { losses }] of found.columns.entries()) {
    const expected = permutations.map((order) => {
      const features = held.features.slice();
      order.forEach((from, row) => features[row * 5 + c] = held.features[from * 5 + c]);
      return found.score - score(model, { ...held, features }, kernels);
    });
    assert.deepEqual(losses, expected, found.columns[c].column);
  }
  assert.deepEqual(importance(model, held, { kernels, repeats: 3, seed: 9 }), found);
});

Deno.test("importance refuses what it cannot judge", async () => {
  const train = await table(200, 3);
  const model = await fit(train, { ...SETTINGS["paper's recipe"], epochs: 25, kernels: "wasm" });
  for (const repeats of [1, 1001, 2.5]) {
    assert.throws(() => importance(model, train, { repeats }), {
      name: "RangeError",
      message: `Cannot tell importance: found ${repeats} repeats, need an integer from 2 to 1000`,
    });
  }
  const numbers = await table(50, 3, "regression");
  assert.throws(() => importance(model, numbers), /Cannot score classes: found a data set of num/);
});
