import assert from "node:assert/strict";
import { fit } from "../../lib/ensemble/fit.ts";
import { openPredictor, predict, predictProba, predictValues } from "../../lib/model/predictor.ts";
import { score, scoreMembers } from "../../lib/model/score.ts";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { selectRows } from "../../lib/data/table/split.ts";
import { METHODS } from "../../lib/methods/methods.ts";
import { defaultSettings, type Settings } from "../../lib/settings/mod.ts";
import type { TrainingEvent } from "../../lib/ensemble/training_event.ts";
import { TrainingDiverged } from "../../lib/ensemble/divergence.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { wasmKernels, wasmMemory } from "../../lib/kernels/wasm/wasm.ts";
import { setTopology } from "../../lib/methods/sparse_to_sparse/set.ts";
import type { TopologyStrategy } from "../../lib/topology/strategy.ts";
import { smallDataset, smallModel } from "./small_model.ts";

const kernels = wasmKernels();
const dataset = smallDataset(200);
const model = await smallModel({ epochs: 40, explore: 10 });

const tiny: Partial<Settings> = {
  method: "fd",
  hidden: [12, 10],
  epsilon: 3,
  epochs: 8,
  explore: 2,
  members: 2,
  batchSize: 16,
};

function rowsOf({ features, columns, rows }: typeof dataset): number[][] {
  return Array.from({ length: rows }, (_, row) => [
    ...features.subarray(row * columns, (row + 1) * columns),
  ]);
}

Deno.test("fit of every method learns what the rows say, and knows what it was given", async () => {
  const held = smallDataset(300, 9);
  for (const method of METHODS) {
    const single = defaultSettings(method).members === 1;
    const model = await fit(smallDataset(600), {
      method,
      hidden: [30, 30],
      epsilon: 5,
      epochs: 60,
      explore: Math.min(20, defaultSettings(method).explore),
      members: single ? 1 : 2,
      batchSize: 32,
      learningRate: 0.1,
      dropout: 0,
    }, { kernels });
    assert.equal(model.members.length, single ? 1 : 2);
    assert.equal(model.settings.method, method);
    assert.deepEqual(model.classes, ["down", "right", "up, left"]);
    assert.equal(model.target, "way");
    assert.deepEqual([...model.preprocessing.kept], [0, 1, 3]);
    assert.ok(score(model, held, kernels) > 0.85, `${method}: ${score(model, held, kernels)}`);
  }
});

Deno.test("fit with one seed gives one model, with another seed another", async () => {
  const one = await fit(dataset, { ...tiny, seed: 5 }, { kernels });
  assert.deepEqual(await fit(dataset, { ...tiny, seed: 5 }, { kernels }), one);
  const other = await fit(dataset, { ...tiny, seed: 6 }, { kernels });
  assert.notDeepEqual(other.members, one.members);
});

Deno.test("fit tells every epoch, and stops when it is told to", async () => {
  const events: TrainingEvent[] = [];
  await fit(dataset, tiny, { kernels, onEvent: (event) => events.push(event) });
  const count = (type: string) => events.filter((event) => event.type === type).length;
  assert.equal(count("epoch"), 8);
  assert.equal(count("member"), 2);
  assert.equal(count("batch"), 8 * 10);

  const stopper = new AbortController();
  let epochs = 0;
  const stopped = fit(dataset, { ...tiny, epochs: 1_000_000 }, {
    kernels,
    signal: stopper.signal,
    onEvent(event) {
      if (event.type === "epoch" && ++epochs === 3) stopper.abort(new Error("enough"));
    },
  });
  await assert.rejects(stopped, /^Error: enough$/);
});

Deno.test("fit takes a strategy of one's own in place of the method's", async () => {
  const { update } = setTopology();
  const asked: number[] = [];
  const strategy: TopologyStrategy = {
    name: "watched",
    update: {
      grow: update!.grow,
      prune(topology, fraction, random) {
        asked.push(topology.layer);
        return update!.prune(topology, fraction, random);
      },
    },
  };
  const kinds: string[] = [];
  await fit(dataset, { ...tiny, epochs: 16, explore: 8 }, {
    kernels,
    strategy,
    onEvent: (event) => event.type === "topology" && kinds.push(event.kind),
  });
  assert.ok(asked.length >= 4);
  assert.deepEqual([...new Set(asked)], [0, 1]);
  assert.equal(kinds.filter((kind) => kind === "update").length, asked.length);
});

Deno.test("fit refuses settings that are wrong, before anything is trained", async () => {
  await assert.rejects(fit(dataset, { epochs: 0 }), RangeError);
  await assert.rejects(fit(dataset, { epoch: 3 } as never), {
    name: "TypeError",
    message: /"epoch".*did you mean "epochs"\?/,
  });
  const diverging = { ...tiny, learningRate: 1000, scaling: "none" } as const;
  await assert.rejects(fit(dataset, diverging, { kernels }), TrainingDiverged);
});

Deno.test("fit and a predictor give their memory back", async () => {
  await fit(dataset, tiny, { kernels });
  const { used } = wasmMemory();
  const { byteLength } = wasmMemory().memory.buffer;
  for (let i = 0; i < 10; i++) {
    using predictor = openPredictor(await fit(dataset, tiny, { kernels }), kernels);
    predictor.predict([[0, 1, 7, 0]]);
  }
  assert.equal(wasmMemory().used, used);
  assert.equal(wasmMemory().memory.buffer.byteLength, byteLength);
});

Deno.test("predictProba: shares that sum to 1, the mean of the members, for rows in any form", () => {
  const rows = rowsOf(smallDataset(20, 4));
  const probabilities = predictProba(model, rows, kernels);
  assert.equal(probabilities.length, 60);
  for (let row = 0; row < 20; row++) {
    const sum = probabilities.subarray(3 * row, 3 * row + 3).reduce((sum, p) => sum + p, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5, `row ${row}: ${sum}`);
    // A row alone fares like a row among others.
    const alone = predictProba(model, [rows[row]], kernels);
    alone.forEach((p, k) => assert.ok(Math.abs(p - probabilities[3 * row + k]) < 1e-6));
  }
  assert.deepEqual(predictProba(model, Float32Array.from(rows.flat()), kernels), probabilities);
  const each = model.members.map((member) =>
    predictProba({ ...model, members: [member] }, rows, kernels)
  );
  probabilities.forEach((p, i) => {
    assert.ok(Math.abs(p - (each[0][i] + each[1][i]) / 2) < 1e-6);
  });
  assert.notDeepEqual(each[0], each[1]);
  const reference = predictProba(model, rows, referenceKernels());
  reference.forEach((p, i) => assert.ok(Math.abs(p - probabilities[i]) < 1e-5));
  assert.equal(predictProba(model, [], kernels).length, 0);
});

Deno.test("predict names the most probable class, and score counts how often it is right", () => {
  const rows = rowsOf(dataset);
  const probabilities = predictProba(model, rows, kernels);
  const predicted = predict(model, rows, kernels);
  predicted.forEach((label, row) => {
    const shares = [...probabilities.subarray(3 * row, 3 * row + 3)];
    assert.equal(label, model.classes[shares.indexOf(Math.max(...shares))]);
  });
  assert.equal(new Set(predicted).size, 3);
  const right = predicted.filter((label, row) => label === dataset.classes[dataset.labels[row]]);
  assert.equal(score(model, dataset, kernels), right.length / 200);
  assert.ok(right.length > 140);
});

Deno.test("scoreMembers scores each member as if it were alone", () => {
  const { accuracy, members } = scoreMembers(model, dataset, kernels);
  assert.equal(accuracy, score(model, dataset, kernels));
  assert.equal(members.length, 2);
  members.forEach((share, m) => {
    assert.equal(share, score({ ...model, members: [model.members[m]] }, dataset, kernels));
  });
});

Deno.test("score goes by the names of classes, not by their order in the file", () => {
  const some = selectRows(dataset, Int32Array.of(3, 1, 4, 15, 9, 2, 6));
  const labels = Array.from(some.labels, (label) => some.classes[label]);
  const renamed = datasetFromArrays({
    features: rowsOf(some),
    labels,
    classes: ["up, left", "never seen", "right", "down"],
  });
  assert.equal(score(model, renamed, kernels), score(model, some, kernels));
  const unknown = datasetFromArrays({ features: rowsOf(some).slice(0, 2), labels: ["down", "?"] });
  assert.throws(() => score(model, unknown, kernels), {
    name: "RangeError",
    message: /^Cannot score row 1 of .*found class "\?", need one of "down", "right", "up, left"/,
  });
});

Deno.test("predict refuses rows it cannot use, and says which", () => {
  assert.throws(() => predict(model, [[1, 2, 7, 3], [1, 2]]), {
    name: "TypeError",
    message: "Cannot predict: found 2 numbers in row 1, need 4",
  });
  assert.throws(() => predict(model, new Float32Array(6)), {
    name: "TypeError",
    message: /found 6 numbers, need a multiple of 4/,
  });
  assert.throws(() => predict(model, [[1, 2, 7, 3], [1, Infinity, 7, 0]]), {
    name: "RangeError",
    message:
      `Cannot predict: found Infinity in row 1, column "b", need a number that is finite as a ` +
      "32-bit float",
  });
  assert.throws(() => predict(model, [[1, 2, 7, 3], [1, "two", 7, 0]]), {
    name: "TypeError",
    message: 'Cannot predict row 1, column "b": found "two", need a number',
  });
});

Deno.test("predict says which rows have an output that is not finite, and how many", async () => {
  const members = model.members.map((member) => ({
    ...member,
    layers: member.layers.map((layer) =>
      layer.kind === "sparse"
        ? { ...layer, data: layer.data.map((weight) => 1000 * weight) }
        : layer
    ),
  }));
  const far = [1e37, -1e37, 7, 1e37];
  const near = [1, 2, 7, 3];
  for (const answer of [predict, predictProba]) {
    assert.throws(() => answer({ ...model, members }, [near, far, near, far], kernels), {
      name: "RangeError",
      message:
        "Cannot predict 2 rows of 4: found outputs that are not finite, first in row 1 (from 0), " +
        "need values nearer to the training rows'",
    });
  }
  const features = [near, far];
  const extreme = datasetFromArrays({ features, labels: ["down", "right"], target: "way" });
  assert.throws(
    () => score({ ...model, members }, extreme, kernels),
    /^RangeError: Cannot predict 1 row/,
  );
  const targets = smallDataset().features.filter((_, i) => i % 4 === 0);
  const table = datasetFromArrays({ features: [...targets].map((value) => [value]), targets });
  const numbers = await fit(table, {
    ...{ method: "fd", hidden: [4], epochs: 4, explore: 0, members: 2 },
  }, { kernels });
  assert.ok(Number.isFinite(predictValues(numbers, [[1]], kernels)[0]));
  const scaling = { mean: 3e38, deviation: 3e38 };
  assert.throws(
    () => predictValues({ ...numbers, targetScaling: scaling }, [[-1e9], [1e9]], kernels),
    {
      name: "RangeError",
      message: /^Cannot predict [12] rows? of 2: found outputs that are not finite/,
    },
  );
});

Deno.test("predict takes the median of the training rows for a missing value", () => {
  const medians = new Map(
    [...model.preprocessing.kept].map((column, k) =>
      [column, model.preprocessing.medians![k]] as const
    ),
  );
  const row = [1, 2, 7, 3];
  for (const [column, median] of medians) {
    assert.deepEqual(
      predictProba(model, [row.with(column, NaN)], kernels),
      predictProba(model, [row.with(column, median)], kernels),
    );
  }
});
