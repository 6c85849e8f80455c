import assert from "node:assert/strict";
import { randomStream } from "../../lib/random.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { pruneMagnitude } from "../../lib/topology/prune.ts";
import { growRandom } from "../../lib/topology/placement.ts";
import { assertUniform } from "../sparse/chi_square.ts";
import { randomLayer, requestFor } from "./random_layer.ts";

Deno.test("growRandom grows every free position equally often, just-removed ones included", () => {
  const before = randomLayer(6, 7, 0.4, 1);
  const random = randomStream(1, "grow");
  const request = requestFor(before, pruneMagnitude, 0.5, [], random);
  const surviving = new Set(positionsOf(request.survivors));
  const counts = new Float64Array(42);
  for (let i = 0; i < 4000; i++) {
    for (const position of growRandom(request).positions) counts[position]++;
  }
  const free = [...counts.keys()].filter((position) => !surviving.has(position));
  assert.equal(free.length, 42 - surviving.size);
  for (const position of surviving) assert.equal(counts[position], 0);
  assertUniform(free.map((position) => counts[position]), "free positions");
});

Deno.test("growRandom gives a full layer its own positions back", () => {
  const request = requestFor(randomLayer(4, 4, 1, 1), pruneMagnitude, 0.5, [], randomStream(1));
  assert.deepEqual(
    new Set([...growRandom(request).positions, ...positionsOf(request.survivors)]),
    new Set(Array.from({ length: 16 }, (_, i) => i)),
  );
});
