import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { unionOfPatterns } from "../../lib/sparse/overlap.ts";
import type { Pattern } from "../../lib/sparse/pattern.ts";
import { patternFromPositions, positionsOf } from "../../lib/sparse/positions.ts";
import { disjointTopology } from "../../lib/methods/ensembles/disjoint_tse.ts";
import { pruneMagnitude } from "../../lib/topology/prune.ts";
import { growRandom } from "../../lib/topology/placement.ts";
import { assertUniform } from "../sparse/chi_square.ts";
import { growsAtRandom, randomLayer, requestFor } from "../topology/random_layer.ts";

const fully = disjointTopology({ fully: true });
const regular = disjointTopology({ fully: false });

Deno.test("disjointTopology avoids blocked positions wherever enough are allowed, and counts them elsewhere", () => {
  const eager = disjointTopology({ fully: true, densityLimit: 1 });
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 15 }),
        columns: fc.integer({ min: 1, max: 15 }),
        p: fc.double({ min: 0, max: 0.95, noNaN: true }),
        seed: fc.nat(),
        earlier: fc.integer({ min: 1, max: 5 }),
        fraction: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      ({ rows, columns, p, seed, earlier, fraction }) => {
        const before = randomLayer(rows, columns, p, seed);
        fc.pre(before.indices.length < rows * columns);
        const predecessors: Pattern[] = [];
        for (let i = 1; i < earlier; i++) {
          predecessors.push(randomLayer(rows, columns, p, seed + i));
        }
        predecessors.push(before);
        const request = requestFor(
          before,
          pruneMagnitude,
          fraction,
          predecessors,
          randomStream(seed),
        );
        const { positions, notes } = eager.reinitialize!.grow(request);
        const blocked = new Set(positionsOf(unionOfPatterns(predecessors)));
        const surviving = new Set(positionsOf(request.survivors));
        const allowed = rows * columns - blocked.union(surviving).size;
        const overlapping = [...positions].filter((position) => blocked.has(position)).length;
        assert.equal(positions.length, request.count);
        assert.equal(overlapping, Math.max(0, request.count - allowed));
        assert.equal(notes?.overlapping, overlapping);
        let last = -1;
        for (const position of positions) {
          assert.ok(position > last && position < rows * columns && !surviving.has(position));
          last = position;
        }
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("disjointTopology grows every allowed position equally often", () => {
  const before = randomLayer(6, 8, 0.2, 1);
  const predecessors = [randomLayer(6, 8, 0.2, 2), before];
  const request = requestFor(before, pruneMagnitude, 0.8, predecessors, randomStream(1, "grow"));
  const eager = disjointTopology({ fully: true, densityLimit: 1 });
  const counts = new Float64Array(48);
  for (let i = 0; i < 3000; i++) {
    for (const position of eager.reinitialize!.grow(request).positions) counts[position]++;
  }
  const blocked = new Set(positionsOf(unionOfPatterns(predecessors)));
  assertUniform(counts.filter((_, position) => !blocked.has(position)), "allowed positions");
  assert.equal(counts.filter((count) => count > 0).length, 48 - blocked.size);
});

Deno.test("disjointTopology takes all that is allowed and fills up evenly when too few are left", () => {
  // 2 × 8 positions. Blocked: 0 to 12. Survivors: 0 and 1. Allowed: 13, 14, 15. To grow: 6.
  const before = {
    ...patternFromPositions(Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7), [2, 8]),
    layer: 1,
    layers: 3,
    weights: Float32Array.of(9, 9, 1, 1, 1, 1, 1, 1),
  };
  const earlier = patternFromPositions(Float64Array.of(5, 6, 7, 8, 9, 10, 11, 12), [2, 8]);
  const eager = disjointTopology({ fully: false, densityLimit: 1 });
  const random = randomStream(1, "full");
  const request = requestFor(before, pruneMagnitude, 0.75, [earlier, before], random);
  const counts = new Float64Array(16);
  for (let i = 0; i < 2000; i++) {
    const { positions, notes } = eager.reinitialize!.grow(request);
    assert.deepEqual([...positions.slice(3)], [13, 14, 15]);
    assert.equal(notes?.overlapping, 3);
    for (const position of positions) counts[position]++;
  }
  assert.deepEqual([...counts.slice(0, 2)], [0, 0]);
  assertUniform(counts.slice(2, 13), "filled up");
});

Deno.test("disjointTopology updates avoid blocked positions if fully disjoint, and only then", () => {
  const before = randomLayer(20, 20, 0.2, 1);
  const predecessors = [randomLayer(20, 20, 0.2, 2), randomLayer(20, 20, 0.2, 3)];
  const blocked = new Set(positionsOf(unionOfPatterns(predecessors)));
  const request = requestFor(before, pruneMagnitude, 0.8, predecessors, randomStream(1));
  const hits = (positions: Float64Array) =>
    positions.filter((position) => blocked.has(position)).length;
  assert.equal(hits(fully.update!.grow(request).positions), 0);
  assert.ok(hits(regular.update!.grow(request).positions) > 0);
  assert.equal(hits(regular.reinitialize!.grow(request).positions), 0);
  assert.ok(growsAtRandom(regular.update!.grow));
  assert.ok(!growsAtRandom(fully.update!.grow));
});

Deno.test("disjointTopology regrows first and output layers, and first members, at random", () => {
  const before = randomLayer(20, 20, 0.2, 1);
  const predecessors = [randomLayer(20, 20, 0.2, 2)];
  const base = requestFor(before, pruneMagnitude, 0.8, predecessors, randomStream(1));
  const { grow } = fully.reinitialize!;
  for (
    const request of [
      { ...base, before: { ...before, layer: 0 } },
      { ...base, before: { ...before, layer: 2 } },
      { ...base, predecessors: [] },
    ]
  ) {
    assert.deepEqual(
      grow({ ...request, random: randomStream(5) }),
      growRandom({ ...request, random: randomStream(5) }),
    );
  }
});

Deno.test("disjointTopology regrows layers at the density limit at random and says so", () => {
  const before = randomLayer(20, 20, 0.3, 1);
  const predecessors = [randomLayer(20, 20, 0.3, 2)];
  const request = requestFor(before, pruneMagnitude, 0.8, predecessors, randomStream(1));
  const density = before.indices.length / 400;
  const grow = (densityLimit: number) =>
    disjointTopology({ fully: true, densityLimit }).reinitialize!.grow({
      ...request,
      random: randomStream(5),
    });
  const random = grow(density);
  assert.deepEqual(random.positions, growRandom({ ...request, random: randomStream(5) }).positions);
  assert.match(
    String(random.notes?.disjoint),
    /^not attempted: density 0\.\d+, need less than 0\.\d+$/,
  );
  assert.deepEqual(grow(density + 0.01).notes, { overlapping: 0 });
  assert.ok(density >= 0.25 && fully.reinitialize!.grow(request).notes?.disjoint !== undefined);
  assert.throws(() => disjointTopology({ fully: true, densityLimit: 2 }), /density limit is 2/);
});

Deno.test("disjointTopology notices another member even if the oldest ones are the same", () => {
  const before = randomLayer(20, 20, 0.1, 1);
  const strategy = disjointTopology({ fully: true });
  const [a, b, c] = [2, 3, 4].map((seed) => randomLayer(20, 20, 0.1, seed));
  for (const predecessors of [[a], [a, b], [a, b], [a, b, c], [a, c], [c, b], [b], [a]]) {
    const request = requestFor(before, pruneMagnitude, 0.8, predecessors, randomStream(1));
    const fresh = disjointTopology({ fully: true }).update!.grow(request);
    const known = strategy.update!.grow({ ...request, random: randomStream(1) });
    assert.deepEqual(known, fresh);
    const blocked = new Set(positionsOf(unionOfPatterns(predecessors)));
    assert.ok(known.positions.every((position) => !blocked.has(position)));
  }
});
