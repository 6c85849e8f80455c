import assert from "node:assert/strict";
import { applyScaling, BEYOND, type RankScaling } from "../../../lib/data/preprocessing/mod.ts";
import { LEAST_ERROR, quantileKnots } from "../../../lib/exports/inputs/mod.ts";
import { roundToEven } from "../../../lib/exports/inputs/float32.ts";
import { scoreOnLine } from "../../../lib/exports/inputs/input_steps.ts";
import { randomStream } from "../../../lib/random.ts";

const random = randomStream(3, "quantiles");

/** Columns that are hard in ways of their own. */
const COLUMNS: Readonly<Record<string, number[]>> = {
  normal: Array.from({ length: 1000 }, () => random.normal()),
  "heavy tails": Array.from({ length: 1000 }, () => Math.exp(4 * random.normal())),
  "few values": Array.from({ length: 1000 }, () => Math.floor(5 * random.float())),
  "large and close": Array.from({ length: 1000 }, () => 1e8 + Math.floor(200 * random.float())),
  "two values": [0, 1],
  "mostly 0": Array.from({ length: 1000 }, (_, k) => k % 3 === 0 ? random.normal() : 0),
};

for (const [name, values] of Object.entries(COLUMNS)) {
  for (const kind of Object.keys(BEYOND) as RankScaling[]) testLine(name, values, kind);
}

function testLine(name: string, values: readonly number[], kind: RankScaling): void {
  Deno.test(`a broken line stays within its error of the scaling "${kind}": ${name}`, () => {
    const quantiles = Float64Array.from(values).sort();
    const [first, last] = [quantiles[0], quantiles.at(-1)!];
    const points = Float32Array.from([
      ...quantiles,
      ...Array.from({ length: 3000 }, () => first + (last - first) * random.float() ** 3),
      first - 1,
      last + 1,
    ]);
    const exact = applyScaling(
      { kind, columns: 1, parameters: quantiles },
      points,
      points.length,
    );
    for (const error of [LEAST_ERROR, 0.01, 0.1]) {
      const knots = quantileKnots(quantiles, BEYOND[kind], error);
      // Many processors take numbers below the least normal one for 0.
      assert.ok(knots.x.every((x) => x === 0 || Math.abs(x) >= 2 ** -126));
      points.forEach((x, i) => {
        const found = Math.abs(scoreOnLine(knots, x) - exact[i]);
        assert.ok(found <= error, `${x}: ${found} of ${error}`);
      });
    }
    const [fine, coarse] = [0.005, 0.1].map((error) =>
      quantileKnots(quantiles, BEYOND[kind], error).x.length
    );
    assert.ok(coarse <= fine && coarse < 250);
  });
}

Deno.test("numbers are rounded to even ones, as lrintf does", () => {
  assert.deepEqual([0.5, 1.5, 2.5, -0.5, -1.5, 2.4999].map(roundToEven), [0, 2, 2, 0, -2, 2]);
});
