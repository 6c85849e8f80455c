/**
 * The methods of other libraries. What is not installed is missing here too: that it is said, with the command
 * that installs it, is tested in its place.
 */
import assert from "node:assert/strict";
import { datasetFromArrays } from "../../../lib/data/table/from_arrays.ts";
import {
  compareOn,
  type ComparisonOptions,
  type ComparisonScore,
} from "../../../lib/experiments/comparison/comparison.ts";
import { codedInputs, oneHotInputs } from "../../../lib/experiments/comparison/peer_inputs.ts";
import { type Peer, PEERS } from "../../../lib/experiments/comparison/peer_table.ts";
import { openPeers } from "../../../lib/experiments/comparison/peers.ts";

const TUNED = "LightGBM, tuned in as many seconds";

/** Two columns of numbers, one with gaps, and one of text, as a row. */
const features = Array.from({ length: 300 }, (_, row) => [
  row % 20,
  row % 11 === 0 ? null : Math.floor(row / 20),
  ["red", "green", "blue"][row % 3],
]);
const classes = datasetFromArrays({
  features,
  labels: features.map(([x, , colour]) => colour === "red" ? "r" : (x as number) < 10 ? "s" : "t"),
  missing: "keep",
});
const numbers = datasetFromArrays({
  features,
  targets: features.map(([x, , colour]) => 100 + (x as number) * (colour === "red" ? 3 : 1)),
  missing: "keep",
});

async function compared(options: Partial<ComparisonOptions>): Promise<ComparisonScore[]> {
  return await Array.fromAsync(compareOn({
    dataset: "rows",
    rows: classes,
    test: null,
    seeds: [3],
    contenders: [],
    ...options,
  }));
}

async function opened(): Promise<{ peers: readonly Peer[]; missing: readonly string[] }> {
  await using open = await openPeers({ names: "installed" });
  return { peers: open.peers, missing: open.missing };
}

const { peers, missing } = await opened();
const isThere = (key: string) => peers.some((peer) => peer.key === key);
const quick = PEERS.filter(({ slow }) => !slow);

Deno.test("every peer is there, or its library is missing with the command that installs it", () => {
  for (const { name, key, library } of quick) {
    const reason = missing.find((text) => text.startsWith(`${library.name} is left out: `));
    assert.equal(isThere(key), reason === undefined, name);
    if (reason === undefined || reason.includes("need it: ") === false) continue;
    assert.match(reason, /found no module "\w+", need it: python3 -m pip install [a-z-]+$/);
  }
});

Deno.test("without an interpreter every library is missing, and what is named cannot be compared", async () => {
  const program = "no-such-interpreter";
  const libraries = new Set(quick.map(({ library }) => library.name));
  await using none = await openPeers({ names: "installed", program });
  assert.deepEqual(none.peers, []);
  assert.equal(none.missing.length, libraries.size);
  for (const text of none.missing) assert.match(text, /^\S+ is left out: .*no-such-interpreter/);
  await assert.rejects(
    openPeers({ names: ["catboost"], program }),
    /^RangeError: Cannot compare with CatBoost: .*no-such-interpreter/,
  );
  await assert.rejects(
    openPeers({ names: [], tuned: true, program }),
    /^RangeError: Cannot compare with LightGBM, tuned in as many seconds: /,
  );
  // An interpreter that says nothing.
  await using silent = await openPeers({ names: "installed", program: "true" });
  assert.match(silent.missing[0], /is left out: .*"true" ended before it answered/);
});

Deno.test("no peer needs no interpreter, and a wrong name is refused", async () => {
  await using none = await openPeers({ names: [], program: "no-such-interpreter" });
  assert.deepEqual([none.peers, none.missing], [[], []]);
  await assert.rejects(
    openPeers({ names: ["catbost"] }),
    /^RangeError: Cannot compare with the peer "catbost": need one of "hist", "forest", /,
  );
});

Deno.test("peers learn classes and numbers from rows with gaps and text", async () => {
  for (const rows of [classes, numbers]) {
    const libraries: string[] = [];
    const scores = await compared({ rows, onLibrary: (library) => libraries.push(library) });
    assert.deepEqual(scores.map(({ name }) => name), peers.map(({ name }) => name));
    for (const { name, value, logLoss, modelBytes, fitSeconds, weights, task } of scores) {
      assert.ok(value > 0.9, `${name}: ${value}`);
      assert.equal(task, rows === numbers ? "regression" : undefined);
      if (rows === classes) assert.ok(logLoss! > 0 && logLoss! < 0.5, `${name}: ${logLoss}`);
      else assert.equal(logLoss, undefined);
      assert.ok(modelBytes > 1000 && fitSeconds > 0, name);
      assert.equal(weights, null);
    }
    const needed = new Set(peers.map(({ library }) => library.name));
    assert.equal(libraries.length, needed.size);
    for (const text of libraries) assert.match(text, /^[\w-]+ \d+\.\d+/);
  }
});

Deno.test("peers give the labels that they were given, also where some have no training row", async () => {
  const make = (rows: number[][], labels: string[]) =>
    datasetFromArrays({ features: rows, labels, classes: ["a", "b", "c", "d"] });
  const every = Array.from({ length: 200 }, (_, row) => [row % 2, row % 3]);
  const train = make(every, every.map(([x]) => x === 0 ? "b" : "d"));
  const test = make([[0, 1], [1, 2], [1, 0]], ["b", "d", "c"]);
  const scores = await compared({ rows: train, test });
  assert.equal(scores.length, peers.length);
  for (const { name, value, logLoss } of scores) {
    assert.equal(value, 2 / 3, name);
    // No method knows of the class "c": it costs the same for all.
    assert.ok(Math.abs(logLoss! - Math.log(204) / 3) < 0.05, `${name}: ${logLoss}`);
  }
});

Deno.test("where nothing can be learnt, the log loss is that of the classes' shares", async () => {
  const plain = datasetFromArrays({
    features: Array.from({ length: 200 }, () => [7]),
    labels: Array.from({ length: 200 }, (_, row) => row % 4 === 0 ? "rare" : "common"),
  });
  const scores = await compared({
    rows: plain,
    seeds: [1],
    // CatBoost refuses columns that are all alike.
    peers: peers.filter(({ key }) => key !== "catboost").map(({ key }) => key),
  });
  const entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
  for (const { name, logLoss } of scores) {
    // A forest of bootstrapped rows knows the shares nearly.
    const tolerance = name.startsWith("RandomForest") ? 1e-3 : 1e-6;
    assert.ok(Math.abs(logLoss! - entropy) < tolerance, `${name}: ${logLoss}`);
  }
  if (!isThere("catboost")) return;
  await assert.rejects(
    compared({ rows: plain, peers: ["catboost"] }),
    /^Error: Cannot fit CatBoost: CatBoostError: .*constant/,
  );
});

Deno.test("the probability 0 costs every method the same: 1 / (training rows + classes)", async () => {
  const make = (features: number[][], labels: string[]) =>
    datasetFromArrays({ features, labels, classes: ["a", "b"] });
  const every = Array.from({ length: 200 }, (_, row) => [row % 2]);
  const train = make(every, every.map(([x]) => x === 0 ? "a" : "b"));
  const test = make([[0], [1]], ["b", "b"]);
  const forests = peers.filter(({ library }) => library.name === "scikit-learn");
  const scores = await compared({ rows: train, test, peers: forests.map(({ key }) => key) });
  assert.equal(scores.length, forests.length);
  for (const { name, logLoss } of scores) {
    // They are sure of both rows, and wrong with the first.
    assert.ok(Math.abs(logLoss! - Math.log(202) / 2) < 0.01, `${name}: ${logLoss}`);
  }
});

Deno.test("LightGBM is tuned for the seconds of another method, of stored scores too", async () => {
  const options = { peers: [], equalBudget: "ours", contenders: [{ name: "ours", settings: {} }] };
  const ours = {
    ...{ name: "ours", dataset: "rows", seed: 3, value: 0.9, testRows: 60, fitSeconds: 1.5 },
    ...{ predictSeconds: 1, modelBytes: 1, weights: 1, density: 1, flops: 1 },
  };
  const stored = (name: string) => name === "ours" ? ours : undefined;
  if (!isThere("lightgbm")) {
    const cannot = /^RangeError: Cannot compare with LightGBM, tuned in as many seconds: /;
    return await assert.rejects(compared({ ...options, stored }), cannot);
  }
  for (const rows of [classes, numbers]) {
    const [{ name, value, fitSeconds, tuning }, ...others] = await compared({
      ...options,
      rows,
      stored,
    });
    assert.equal(others.length, 0);
    assert.equal(name, TUNED);
    assert.ok(value > 0.9, `${value}`);
    assert.equal(tuning!.budgetSeconds, 1.5);
    assert.ok(tuning!.configurations > 1 && tuning!.trees > 0);
    assert.ok(fitSeconds > 0);
  }
  await assert.rejects(
    compared({ ...options, equalBudget: "theirs" }),
    /^RangeError: Cannot tune LightGBM for as long as "theirs": need one of "ours"$/,
  );
});

/** What a program of Python prints as JSON that imports `tuned_lightgbm`. */
// deno-lint-ignore no-explicit-any
async function printed(program: string): Promise<any> {
  const folder = new URL("../../../lib/experiments/comparison/peers/", import.meta.url);
  const { stdout } = await new Deno.Command("python3", {
    args: ["-c", `import json, sys\nsys.path.insert(0, "")\n${program}`],
    cwd: folder,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test({
  name: "a search ends in time for the last fit, by a clock that ticks when it is looked at",
  ignore: !isThere("lightgbm"),
  fn: async () => {
    const runs = await printed(`
import numpy as np
import tuned_lightgbm

class Clock:
    now = 0.0
    def process_time(self):
        self.now += 0.01
        return self.now

random = np.random.default_rng(3)
features = random.normal(size=(400, 4)).astype("f4")
numbers = features[:, 0] * features[:, 1] + random.normal(size=400)
runs = []
for task, target in (("regression", numbers), ("classification", (numbers > 0).astype(int))):
    for seconds in (0.001, 20, 100):
        tuned_lightgbm.time = Clock()
        request = {"task": task, "seed": 1, "seconds": seconds, "categorical": []}
        model = tuned_lightgbm.fit(request, features, target)
        told = model.told["tuning"]
        runs.append({"seconds": seconds, "searched": tuned_lightgbm.time.now,
                     "grown": model.booster.num_trees(), **told})
print(json.dumps(runs))`);
    for (const { seconds, searched, configurations, trees, grown } of runs) {
      assert.equal(grown, trees);
      // The default configuration is tried, however little time there is.
      if (seconds < 1) assert.equal(configurations, 1);
      else {
        assert.ok(configurations > 1);
        // All but what the last fit takes, which is at most as long as the longest trial and a quarter.
        assert.ok(searched < seconds + 0.1 && searched > seconds / 3, `${searched} of ${seconds}`);
      }
    }
  },
});

Deno.test({
  name: "configurations are drawn from the published space, and rows held out by class",
  ignore: !isThere("lightgbm"),
  fn: async () => {
    const { draws, held } = await printed(`
import numpy as np
from tuned_lightgbm import draw, held_out_rows
random = np.random.default_rng(1)
labels = np.array([0] * 100 + [1] * 10 + [2] * 2 + [3])
held = held_out_rows(random, labels)
print(json.dumps({"draws": [draw(random) for _ in range(500)],
                  "held": [int(held[labels == label].sum()) for label in range(4)]}))`);
    // No class is held out whole: of one row it has, none.
    assert.deepEqual(held, [20, 2, 0, 0]);
    // The file that tuned_lightgbm.py cites.
    const published: Record<string, readonly [number, number]> = {
      learning_rate: [0.001, 1],
      num_leaves: [4, 768],
      min_sum_hessian_in_leaf: [0.0001, 100],
      feature_fraction: [0.5, 1],
      bagging_fraction: [0.5, 1],
    };
    for (const [key, [low, high]] of Object.entries(published)) {
      const values = draws.map((draw: Record<string, number>) => draw[key]);
      assert.ok(Math.min(...values) >= low && Math.max(...values) <= high, key);
      const isLogarithmic = high / low > 500 && key !== "num_leaves";
      const position = values.filter((value: number) =>
        value < (isLogarithmic ? Math.sqrt(low * high) : (low + high) / 2)
      ).length;
      // Half of them, give or take five standard deviations.
      assert.ok(Math.abs(position - 250) < 56, `${key}: ${position}`);
    }
    const lambdas = draws.map((draw: { lambda_l2: number }) => draw.lambda_l2);
    const some = lambdas.filter((value: number) => value !== 0);
    assert.ok(Math.abs(some.length - 250) < 56);
    assert.ok(Math.min(...some) >= 0.1 && Math.max(...some) <= 10);
  },
});

Deno.test("libraries get a column for every category of the training rows, or codes", () => {
  const rows = datasetFromArrays({
    features: [
      ...Array.from({ length: 5 }, () => [1, "a", 2]),
      ...Array.from({ length: 6 }, () => [NaN, "b", 3]),
      [4, "rare", 5],
      [6, "seldom", 7],
      [8, null, 9],
    ],
    labels: Array.from({ length: 14 }, (_, row) => row % 2),
    missing: "keep",
  });
  const { columns, train, test } = oneHotInputs(rows, rows);
  // Number, a, b, what rare ones share, number.
  assert.equal(columns, 5);
  const row = (place: number) => [...train.slice(5 * place, 5 * place + 5)];
  assert.deepEqual(row(0), [1, 1, 0, 0, 2]);
  assert.deepEqual(row(5), [NaN, 0, 1, 0, 3]);
  assert.deepEqual(row(11), [4, 0, 0, 1, 5]);
  assert.deepEqual(row(12), [6, 0, 0, 1, 7]);
  assert.deepEqual(row(13), [8, 0, 0, 0, 9]);
  assert.deepEqual(test, train);
  // Of categories that only test rows have, the training rows know nothing.
  const features = rows.features.map((value, i) => i === 1 ? -1 : value);
  assert.deepEqual([...oneHotInputs(rows, { ...rows, features }).test.slice(0, 5)], [
    ...[1, 0, 0, 1, 2],
  ]);
  const coded = codedInputs(rows, rows);
  assert.deepEqual([coded.columns, coded.categorical], [3, [1]]);
  assert.equal(coded.train, rows.features);
});
