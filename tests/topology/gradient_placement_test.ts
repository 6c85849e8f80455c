import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { unionOfPatterns } from "../../lib/sparse/overlap.ts";
import { patternFromPositions, positionsOf } from "../../lib/sparse/positions.ts";
import { disjointTopology } from "../../lib/methods/ensembles/disjoint_tse.ts";
import { gradientPlacement } from "../../lib/topology/gradient_placement.ts";
import { growWith } from "../../lib/topology/placement.ts";
import { pruneMagnitude } from "../../lib/topology/prune.ts";
import { riglTopology } from "../../lib/methods/sparse_to_sparse/rigl.ts";
import type { GrowRequest } from "../../lib/topology/strategy.ts";
import { assertUniform } from "../sparse/chi_square.ts";
import { randomLayer, requestFor } from "./random_layer.ts";

/** A request whose gradient is a list, and which notes what was asked for. */
function scoredRequest(
  [rows, columns]: readonly [number, number],
  options: { density?: number; fraction?: number; seed?: number; predecessors?: number } = {},
): { request: GrowRequest; gradient: Float64Array; asked: number[][] } {
  const { density = 0.3, fraction = 0.5, seed = 1, predecessors = 0 } = options;
  const before = randomLayer(rows, columns, density, seed);
  const earlier = Array.from(
    { length: predecessors },
    (_, i) => randomLayer(rows, columns, density, seed + 1 + i),
  );
  const random = randomStream(seed, "gradient");
  const gradient = new Float64Array(rows * columns).map(() => random.normal());
  const asked: number[][] = [];
  const request = {
    ...requestFor(before, pruneMagnitude, fraction, earlier, randomStream(seed, "grow")),
    gradientAt: (positions: Float64Array) => {
      asked.push([...positions]);
      return positions.map((position) => gradient[position]);
    },
  };
  return { request, gradient, asked };
}

const largest = (candidates: number[], gradient: Float64Array, count: number) =>
  candidates.toSorted((a, b) => Math.abs(gradient[b]) - Math.abs(gradient[a])).slice(0, count)
    .sort((a, b) => a - b);

Deno.test("gradientPlacement takes exactly the largest gradients of all free positions", () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 20 }),
        columns: fc.integer({ min: 1, max: 20 }),
        density: fc.double({ min: 0, max: 0.9, noNaN: true }),
        fraction: fc.double({ min: 0, max: 1, noNaN: true }),
        seed: fc.nat(),
      }),
      ({ rows, columns, ...options }) => {
        const { request, gradient } = scoredRequest([rows, columns], options);
        const { positions, values } = growWith(gradientPlacement({ candidates: null }))(request);
        const taken = new Set(positionsOf(request.survivors));
        const free = [...gradient.keys()].filter((position) => !taken.has(position));
        assert.deepEqual([...positions], largest(free, gradient, request.count));
        assert.deepEqual(values, new Float32Array(request.count));
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("gradientPlacement takes the largest of a sample, every free position as often in it", () => {
  const { request, gradient, asked } = scoredRequest([10, 12]);
  const { choose } = gradientPlacement({ candidates: 2 });
  const counts = new Float64Array(120);
  for (let i = 0; i < 2000; i++) {
    const positions = choose(request, [request.survivors], request.count);
    const [candidates] = asked.splice(0);
    assert.equal(candidates.length, 2 * request.count);
    assert.deepEqual([...positions], largest(candidates, gradient, request.count));
    for (const position of candidates) counts[position]++;
  }
  const taken = new Set(positionsOf(request.survivors));
  assertUniform([...counts].filter((_, position) => !taken.has(position)), "free positions");
  for (const position of taken) assert.equal(counts[position], 0);
});

Deno.test("gradientPlacement scores all where no more are free than it would draw", () => {
  const { request, gradient, asked } = scoredRequest([10, 12]);
  const all = growWith(gradientPlacement({ candidates: 1000 }))(request);
  const exact = growWith(gradientPlacement({ candidates: null }))(request);
  assert.deepEqual(all, exact);
  assert.equal(asked[0].length, gradient.length - request.survivors.indices.length);
});

Deno.test("gradientPlacement holds no more than a block of a layer of ten billion positions", () => {
  const shape = [100_000, 100_000] as const;
  const before = {
    ...patternFromPositions(Float64Array.from({ length: 2000 }, (_, i) => 4e6 * i + i), shape),
    layer: 1,
    layers: 3,
    weights: new Float32Array(2000).map((_, i) => i + 1),
  };
  const request = requestFor(before, pruneMagnitude, 0.5, [], randomStream(1));
  const lengths: number[] = [];
  const { positions } = growWith(gradientPlacement({ candidates: 20 }))({
    ...request,
    gradientAt: (candidates) => {
      lengths.push(candidates.length);
      return candidates;
    },
  });
  assert.deepEqual(lengths, [20_000]);
  assert.equal(positions.length, 1000);
  // The gradient grows with the position here: the last twentieth of the layer is taken, nearly.
  assert.ok(positions[0] > 0.9 * 1e10);
});

Deno.test("disjoint growth by gradient takes the largest among the allowed positions, never a blocked one", () => {
  const placement = gradientPlacement({ candidates: null });
  const eager = disjointTopology({ fully: true, densityLimit: 1, placement });
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 15 }),
        columns: fc.integer({ min: 1, max: 15 }),
        density: fc.double({ min: 0, max: 0.6, noNaN: true }),
        predecessors: fc.integer({ min: 1, max: 4 }),
        fraction: fc.double({ min: 0, max: 1, noNaN: true }),
        seed: fc.nat(),
      }),
      ({ rows, columns, ...options }) => {
        const { request, gradient } = scoredRequest([rows, columns], options);
        const blocked = new Set(positionsOf(unionOfPatterns(request.predecessors)));
        const surviving = new Set(positionsOf(request.survivors));
        const free = [...gradient.keys()].filter((position) => !surviving.has(position));
        const allowed = free.filter((position) => !blocked.has(position));
        const others = free.filter((position) => blocked.has(position));
        const { count } = request;
        const expected = [
          ...largest(allowed, gradient, count),
          ...largest(others, gradient, Math.max(0, count - allowed.length)),
        ];
        for (const { grow } of [eager.update!, eager.reinitialize!]) {
          const { positions, values, notes } = grow(request);
          assert.deepEqual([...positions], expected.toSorted((a, b) => a - b));
          assert.equal(notes?.overlapping, Math.max(0, count - allowed.length));
          assert.deepEqual(values, new Float32Array(count));
        }
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("new connections weigh 0, or what the initialiser draws if that is asked for", () => {
  const { request } = scoredRequest([10, 12]);
  assert.ok(riglTopology().update!.grow(request).values!.every((value) => value === 0));
  const drawn = riglTopology({ weights: "initializer" }).update!.grow(request);
  assert.equal(drawn.values, undefined);
});

Deno.test("growing by gradient where nothing is trained says what is missing", () => {
  const { request } = scoredRequest([10, 12]);
  assert.throws(() => riglTopology().update!.grow({ ...request, gradientAt: undefined }), {
    name: "TypeError",
    message: "Cannot grow layer 1 by gradient: found no gradient in the request, " +
      "need `gradientAt`, as a training run gives it",
  });
  assert.throws(() => gradientPlacement({ candidates: 0.5 }), RangeError);
  assert.throws(() => gradientPlacement({ candidates: NaN }), RangeError);
});
