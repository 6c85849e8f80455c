import assert from "node:assert/strict";
import { randomStream } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import { patternFromPositions, positionsOf } from "../../lib/sparse/positions.ts";
import { linkScores, predictedLinks } from "../../lib/topology/link_prediction.ts";
import { assertUniform } from "../sparse/chi_square.ts";

/**
 * The scores by their definition, on dense sets: the local community of an input u and an output v, and of
 * its neurons the links inside and outside.
 */
function byDefinition(rows: number, columns: number, positions: Float64Array, path: boolean) {
  const link = (v: number, u: number) => positions.includes(v * columns + u);
  const all = (count: number) => Array.from({ length: count }, (_, i) => i);
  return all(rows).map((v) =>
    all(columns).map((u) => {
      if (link(v, u)) return 0;
      const paths = all(rows).flatMap((z1) => all(columns).map((z2) => [z1, z2]))
        .filter(([z1, z2]) => link(z1, u) && link(z1, z2) && link(v, z2));
      const outputs = new Set(paths.map(([z1]) => z1));
      const inputs = new Set(paths.map(([, z2]) => z2));
      const ofOutput = (z1: number) => {
        const own = all(columns).filter((z) => z !== u && link(z1, z));
        const inside = own.filter((z) => inputs.has(z)).length;
        return [inside, own.length - inside];
      };
      const ofInput = (z2: number) => {
        const own = all(rows).filter((z) => z !== v && link(z, z2));
        const inside = own.filter((z) => outputs.has(z)).length;
        return [inside, own.length - inside];
      };
      const sum = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);
      return path
        ? sum(paths.map(([z1, z2]) => 1 / Math.sqrt((1 + ofOutput(z1)[1]) * (1 + ofInput(z2)[1]))))
        : sum([...[...outputs].map(ofOutput), ...[...inputs].map(ofInput)]
          .map(([inside, outside]) => (1 + inside) / (1 + outside)));
    })
  );
}

Deno.test("linkScores are those of the definition, for both predictors", () => {
  // More than 128 output neurons are not scored all at once.
  const shapes = [[6, 8, 0.3, 1], [9, 5, 0.4, 2], [4, 12, 0.2, 3], [150, 4, 0.3, 4]];
  for (const [rows, columns, density, seed] of shapes) {
    const pattern = erdosRenyi(rows, columns, density, randomStream(seed));
    for (const predictor of ["CH3-L3", "CH2-L3n"] as const) {
      const expected = byDefinition(rows, columns, positionsOf(pattern), predictor === "CH3-L3");
      const found = Array.from(linkScores(pattern, predictor), ({ row, scores }) => {
        assert.ok(scores.every(Number.isFinite));
        return [row, [...scores]] as const;
      });
      assert.deepEqual(found.map(([row]) => row), expected.map((_, row) => row));
      found.forEach(([row, scores]) =>
        scores.forEach((score, column) =>
          assert.ok(
            Math.abs(score - expected[row][column]) <= 1e-12 * (1 + score),
            `${predictor} ${row} ${column}`,
          )
        )
      );
      assert.ok(expected.flat().some((score) => score > 0));
    }
  }
});

Deno.test("linkScores of a community that is worked out by hand", () => {
  // Outputs A: 0 1 2, B: 1 2 3. For output A and input 3 there are the paths 3 – B – 1 – A and
  // 3 – B – 2 – A. Of B, the links to 1 and 2 are inside: none is outside. Of 1 and 2, the link to B is.
  const pattern = patternFromPositions(Float64Array.of(0, 1, 2, 5, 6, 7), [2, 4]);
  const scores = (predictor: "CH3-L3" | "CH2-L3n") => {
    for (const { row, scores } of linkScores(pattern, predictor)) if (row === 0) return scores[3];
  };
  // Two paths of 1 / √(1 × 1). The neurons B, 1 and 2 have 2, 1 and 1 links inside: 3 + 2 + 2.
  assert.equal(scores("CH3-L3"), 2);
  assert.equal(scores("CH2-L3n"), 7);
});

Deno.test("predictedLinks takes the largest scores, and fills up at random", () => {
  const pattern = erdosRenyi(8, 9, 0.3, randomStream(5));
  const scored = byDefinition(8, 9, positionsOf(pattern), true).flat();
  const order = scored.map((_, position) => position).filter((position) => scored[position] > 0)
    .sort((a, b) => scored[b] - scored[a]);
  const five = predictedLinks(pattern, 5, "CH3-L3", false, randomStream(1)).positions;
  assert.deepEqual(
    [...five].map((position) => scored[position]).sort().reverse().map((s) => s.toFixed(9)),
    order.slice(0, 5).map((position) => scored[position].toFixed(9)),
  );
  const free = 72 - pattern.indices.length;
  const all = predictedLinks(pattern, free, "CH3-L3", false, randomStream(1)).positions;
  assert.equal(new Set([...all, ...positionsOf(pattern)]).size, 72);
  assert.throws(
    () => predictedLinks(pattern, free + 1, "CH3-L3", false, randomStream(1)),
    /Cannot grow \d+ connections: found \d+ free positions/,
  );
  // Without any path of three, every position is as likely.
  const none = patternFromPositions(Float64Array.of(0), [4, 4]);
  const counts = new Float64Array(16);
  const random = randomStream(2);
  for (let i = 0; i < 2000; i++) {
    for (const at of predictedLinks(none, 3, "CH2-L3n", true, random).positions) counts[at]++;
  }
  assert.equal(counts[0], 0);
  assertUniform(counts.slice(1), "free positions");
});

Deno.test("predictedLinks draws a connection in proportion to its score", () => {
  const pattern = patternFromPositions(Float64Array.of(0, 1, 5, 6, 10, 11, 12), [3, 5]);
  const scored = byDefinition(3, 5, positionsOf(pattern), false).flat();
  const sum = scored.reduce((sum, score) => sum + score, 0);
  const counts = scored.map(() => 0);
  const random = randomStream(3);
  const draws = 20_000;
  for (let i = 0; i < draws; i++) {
    counts[predictedLinks(pattern, 1, "CH2-L3n", true, random).positions[0]]++;
  }
  scored.forEach((score, position) => {
    const p = score / sum;
    const deviation = Math.sqrt(draws * p * (1 - p));
    assert.ok(Math.abs(counts[position] - draws * p) <= 5 * deviation, `${position}`);
  });
});
