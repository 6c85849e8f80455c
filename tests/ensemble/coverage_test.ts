import assert from "node:assert/strict";
import { datasetFromArrays, selectRows, splitDataset } from "../../lib/data/table/mod.ts";
import type { Dataset } from "../../lib/data/table/mod.ts";
import { fit } from "../../lib/ensemble/fit.ts";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import { predictionIntervals, predictionSets } from "../../lib/model/intervals.ts";
import { predictProba, predictValues } from "../../lib/model/predictor.ts";
import { scoreMembers, scoreRegression } from "../../lib/model/score.ts";
import { randomStream } from "../../lib/random.ts";
import type { Settings } from "../../lib/settings/mod.ts";

const ROWS = 3000;

/** Numbers whose noise grows with the first feature, and classes that overlap. */
function table(task: "numbers" | "classes"): Dataset {
  const random = randomStream(3, "coverage");
  const features = Array.from({ length: ROWS }, () => [random.float(), random.normal()]);
  const noisy = features.map(([a, b]) => 2 * a + Math.abs(b) + (0.1 + a) * random.normal());
  return task === "numbers"
    ? datasetFromArrays({ features, targets: noisy })
    : datasetFromArrays({ features, labels: noisy.map((y) => y < 1 ? "a" : y < 2 ? "b" : "c") });
}

const SETTINGS: Partial<Settings> = {
  ...{ method: "sparse-ensemble", members: 2, hidden: [12], epsilon: 4, epochs: 4, batchSize: 32 },
  ...{ memberSelection: "last", validationFraction: 0.25, learningRate: 0.02, dropout: 0 },
  ...{ coverage: 0.8, kernels: "wasm" },
};

/** Splits, and the rows that each learns from: 99 of them are held out, 297 are trained on. */
const [SPLITS, LEARNED, HELD_OUT] = [24, 396, 99];

/** The share of test rows that are held, over many splits, each with its own held-out rows. */
async function coverages(task: "numbers" | "classes", changes: Partial<Settings>) {
  const rows = table(task);
  const found: number[] = [];
  let tested = 0;
  for (let seed = 1; seed <= SPLITS; seed++) {
    const { train, test } = splitDataset(rows, 1 - LEARNED / ROWS, randomStream(seed, "coverage"));
    const model = await fit(train, { ...SETTINGS, ...changes, seed });
    assert.equal(model.conformal!.rows, HELD_OUT);
    const { coverage } = task === "numbers"
      ? scoreRegression(model, test)
      : scoreMembers(model, test);
    found.push(coverage!.found);
    tested = test.rows;
  }
  return { mean: found.reduce((sum, share) => sum + share, 0) / SPLITS, tested };
}

/**
 * Four standard deviations of the mean coverage over the splits. A split's coverage is a beta variable, of
 * k and n + 1 − k for the k-th of n scores, and the rows of its test are binomial on top of it.
 */
function bound(tested: number): number {
  const [n, k] = [HELD_OUT, 80];
  const mean = k / (n + 1);
  const beta = mean * (1 - mean) / (n + 2);
  return 4 * Math.sqrt((beta + mean * (1 - mean) / tested) / SPLITS);
}

for (const task of ["numbers", "classes"] as const) {
  const variants: Readonly<Record<string, Partial<Settings>>> = {
    "members that never saw the held-out rows": {},
    "trials, after which members learn from all rows": {
      ...{ trials: 2, candidates: [{ dropout: 0 }, { dropout: 0.2 }], keepTrials: true },
    },
  };
  for (const [name, changes] of Object.entries(variants)) {
    Deno.test(`${task}: four fifths of new rows are held over many splits, with ${name}`, async () => {
      const { mean, tested } = await coverages(task, changes);
      // ⌈100 × 0.8⌉ / 100 where all is as it was; members that saw more rows are off by less.
      assert.ok(mean > 0.8 - bound(tested), `${mean}, bound ${bound(tested)}`);
      const more = changes.trials === undefined ? 0 : 0.03;
      assert.ok(mean < 0.8 + bound(tested) + more, `${mean}, bound ${bound(tested)}`);
    });
  }
}

Deno.test("intervals and sets travel in the model file, and are those of the calibration", async () => {
  const numbers = await fit(selectRows(table("numbers"), firstRows(400)), SETTINGS);
  const again = decodeModel(encodeModel(numbers), "memory");
  assert.deepEqual(again.conformal, numbers.conformal);
  assert.equal(again.settings.coverage, 0.8);
  const values = predictValues(again, [[0.5, 1], [0.1, 0]]);
  const { lower, upper } = predictionIntervals(again, values);
  values.forEach((value, row) => {
    assert.equal(lower[row], value - numbers.conformal!.quantile);
    assert.equal(upper[row], value + numbers.conformal!.quantile);
  });
  const classes = await fit(selectRows(table("classes"), firstRows(400)), SETTINGS);
  const probabilities = predictProba(classes, [[0.5, 1], [0.1, 0]]);
  predictionSets(classes, probabilities).forEach((set, row) => {
    const least = 1 - classes.conformal!.quantile;
    const own = probabilities.subarray(3 * row, 3 * row + 3);
    const expected = classes.classes.filter((_, c) =>
      own[c] >= least || own[c] === Math.max(...own)
    );
    assert.deepEqual(set, expected);
  });
  assert.throws(() => predictionSets(numbers, values), {
    name: "TypeError",
    message: "Cannot give sets of classes: found a model of numbers, need one of classes",
  });
  assert.throws(() => predictionIntervals({ ...numbers, conformal: undefined }, values), {
    name: "TypeError",
    message: /found a model without, need one trained with a coverage/,
  });
  const impossible = { ...classes, conformal: { ...classes.conformal!, quantile: 1.5 } };
  assert.throws(
    () => decodeModel(encodeModel(impossible), "memory"),
    /quantile 1.5, need a number/,
  );
});

Deno.test("too few held-out rows are refused before anything is trained", async () => {
  const few = selectRows(table("classes"), firstRows(30));
  await assert.rejects(fit(few, { ...SETTINGS, coverage: 0.95 }), {
    name: "RangeError",
    message: "Cannot hold a share of 0.95 of new rows: found 8 held-out rows, need 19, by more " +
      'rows, a greater "validationFraction" or a smaller "coverage"',
  });
  await assert.rejects(fit(few, { ...SETTINGS, validationFraction: 0 }), {
    message: /"validationFraction": found 0, need above 0 with coverage 0.8/,
  });
});

function firstRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}
