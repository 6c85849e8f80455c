import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { predictionDiversity, topologyOverlaps } from "../../lib/prediction/diversity.ts";
import { randomStream } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";

type Table = number[][];
const fixture: {
  probabilities: number[][];
  labels: number[];
  disagreement: Table;
  divergence: Table;
  errorCorrelation: Table;
} = JSON.parse(readFileSync(new URL("fixtures/diversity.json", import.meta.url), "utf8"));

const probabilities = fixture.probabilities.map((member) => Float32Array.from(member));
const labels = Int32Array.from(fixture.labels);

Deno.test("predictionDiversity agrees with NumPy and SciPy on every pair, and takes their mean", () => {
  const { pairs, mean } = predictionDiversity(probabilities, labels);
  for (const measure of ["disagreement", "divergence", "errorCorrelation"] as const) {
    let sum = 0;
    fixture[measure].forEach((row, i) =>
      row.forEach((expected, j) => {
        const found = pairs[measure][i][j];
        assert.ok(Math.abs(found - expected) < 1e-12, `${measure} ${i}, ${j}: ${found}`);
        if (i !== j) sum += expected;
      })
    );
    assert.ok(Math.abs(mean[measure] - sum / 12) < 1e-12, measure);
  }
});

Deno.test("predictionDiversity stays finite where a softmax output is zero", () => {
  const sure = Float32Array.of(1, 0);
  const wrong = Float32Array.of(0, 1);
  const { pairs, mean } = predictionDiversity([sure, wrong], Int32Array.of(0));
  assert.ok(Math.abs(pairs.divergence[0][1] - 52 * Math.LN2) < 1e-9);
  assert.equal(pairs.divergence[0][0], 0);
  assert.equal(mean.disagreement, 1);
});

Deno.test("predictionDiversity gives no correlation of errors where a member makes none", () => {
  const perfect = Float32Array.of(1, 0, 0, 1);
  const other = Float32Array.of(1, 0, 1, 0);
  const { pairs } = predictionDiversity([perfect, other], Int32Array.of(0, 1));
  assert.ok(Number.isNaN(pairs.errorCorrelation[0][1]));
  assert.equal(pairs.errorCorrelation[1][1], 1);
  const opposite = Float32Array.of(0, 1, 0, 1);
  assert.equal(
    predictionDiversity([other, opposite], Int32Array.of(0, 1)).mean.errorCorrelation,
    -1,
  );
});

Deno.test("predictionDiversity refuses too few members and arrays that do not fit", () => {
  const one = Float32Array.of(1, 0);
  const label = Int32Array.of(0);
  assert.throws(() => predictionDiversity([one], label), /found 1 members, need at least 2$/);
  assert.throws(() => predictionDiversity([one, one], new Int32Array()), /found no rows/);
  assert.throws(
    () => predictionDiversity([one, Float32Array.of(1)], label),
    /found 1 probabilities for 1 rows/,
  );
  assert.throws(
    () => predictionDiversity([Float32Array.of(1, 0, 1), one], Int32Array.of(0, 0)),
    TypeError,
  );
});

Deno.test("topologyOverlaps gives the shares that sets of positions give, per layer", () => {
  const random = randomStream(1);
  const networks = [0.1, 0.3, 0.5].map((p) => [
    erdosRenyi(20, 10, p, random),
    erdosRenyi(5, 20, p, random),
  ]);
  const overlaps = topologyOverlaps(networks);
  assert.equal(overlaps.length, 2);
  overlaps.forEach((table, layer) =>
    networks.forEach((one, i) =>
      networks.forEach((other, j) => {
        const a = new Set(positionsOf(one[layer]));
        const b = new Set(positionsOf(other[layer]));
        assert.equal(table[i][j], a.intersection(b).size / a.size);
      })
    )
  );
});

Deno.test("topologyOverlaps takes a dense layer as one with every connection", () => {
  const dense = {
    kind: "dense",
    shape: [2, 3],
    weights: new Float32Array(6),
    bias: new Float32Array(2),
  } as const;
  const some = {
    shape: [2, 3],
    indptr: Int32Array.of(0, 2, 3),
    indices: Int32Array.of(0, 2, 1),
  } as const;
  const none = {
    shape: [2, 3],
    indptr: Int32Array.of(0, 0, 0),
    indices: new Int32Array(),
  } as const;
  assert.deepEqual(topologyOverlaps([[dense], [some], [none], [dense]]), [[
    [1, 0.5, 0, 1],
    [1, 1, 0, 1],
    [0, 0, 0, 0],
    [1, 0.5, 0, 1],
  ]]);
});

Deno.test("topologyOverlaps refuses networks of different depth or shape", () => {
  const layer = erdosRenyi(3, 4, 0.5, randomStream(1));
  const other = erdosRenyi(4, 3, 0.5, randomStream(1));
  assert.throws(() => topologyOverlaps([[layer], []]), /found 1 and 0 layers/);
  assert.throws(() => topologyOverlaps([[layer], [other]]), /shapes \[3, 4\] and \[4, 3\]/);
  assert.deepEqual(topologyOverlaps([]), []);
});
