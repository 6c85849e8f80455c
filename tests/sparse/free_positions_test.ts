import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import {
  countFree,
  freePositions,
  sampleFree,
  sampleFreeEvenly,
} from "../../lib/sparse/free_positions.ts";
import { unionOfPatterns } from "../../lib/sparse/overlap.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { assertUniform } from "./chi_square.ts";

Deno.test("sampleFree draws ascending positions that nothing takes, for any shape", () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.nat(12),
        columns: fc.nat(12),
        p: fc.double({ min: 0, max: 1, noNaN: true }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        seed: fc.nat(),
      }),
      ({ rows, columns, p, share, seed }) => {
        const random = randomStream(seed);
        const shape = [rows, columns] as const;
        const patterns = [
          erdosRenyi(rows, columns, p, random),
          erdosRenyi(rows, columns, p, random),
        ];
        const taken = positionsOf(unionOfPatterns(patterns));
        const free = countFree(patterns, shape);
        assert.equal(free, rows * columns - taken.length);
        assert.equal(countFree(taken, shape), free);
        const count = Math.floor(share * free);
        const drawn = sampleFree(patterns, count, shape, randomStream(seed, "free"));
        assert.equal(drawn.length, count);
        const takenSet = new Set(taken);
        let last = -1;
        for (const position of drawn) {
          assert.ok(position > last && position < rows * columns && !takenSet.has(position));
          last = position;
        }
        assert.deepEqual(sampleFree(taken, count, shape, randomStream(seed, "free")), drawn);
        assert.equal(sampleFree(taken, free, shape, random).length, free);
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("sampleFree draws every set of free positions equally often", () => {
  const taken = Float64Array.of(0, 3, 4, 8, 11);
  const random = randomStream(1, "sets");
  const counts = new Map<string, number>();
  for (let i = 0; i < 35 * 100; i++) {
    const key = sampleFree(taken, 3, [3, 4], random).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 35);
  assertUniform([...counts.values()], "sets of 3 of 7");
});

Deno.test("sampleFree works where positions exceed 32 bits", () => {
  const shape = [500_000, 500_000] as const;
  const taken = erdosRenyi(...shape, 1e-7, randomStream(1));
  const drawn = sampleFree([taken], 10_000, shape, randomStream(2));
  const takenSet = new Set(positionsOf(taken));
  const eighths = new Float64Array(8);
  for (const position of drawn) {
    assert.ok(!takenSet.has(position));
    eighths[Math.floor(8 * position / 2.5e11)]++;
  }
  assertUniform(eighths, "eighths");
});

Deno.test("sampleFree finds the only free positions, at either end of a layer beyond 32 bits", () => {
  const shape = [2, 2 ** 31 - 1] as const;
  const last = shape[0] * shape[1] - 1;
  const taken = new Float64Array(1000).map((_, i) => last - 1000 + i);
  const drawn = sampleFree(taken, 2000, shape, randomStream(1));
  assert.ok(drawn[1999] < last - 1000 || drawn[1999] === last);
  const single = [6, 1] as const;
  assert.deepEqual([...sampleFree(Float64Array.of(1, 2, 3, 4), 2, single, randomStream(1))], [
    0,
    5,
  ]);
});

Deno.test("sampleFree says how many are free if they are too few", () => {
  assert.throws(() => sampleFree(Float64Array.of(0, 4), 5, [2, 3], randomStream(1)), {
    name: "RangeError",
    message: "Cannot draw 5 free positions in shape [2, 3]: 4 are free",
  });
  assert.throws(() => sampleFree([], 7, [2, 3], randomStream(1)), /6 are free/);
  assert.throws(() => sampleFree([], -1, [2, 3], randomStream(1)), RangeError);
});

Deno.test("sampleFree refuses taken positions out of order and patterns of another shape", () => {
  const random = randomStream(1);
  assert.throws(() => sampleFree(Float64Array.of(4, 0), 1, [2, 3], random), /0 after 4/);
  const other = erdosRenyi(3, 2, 1, random);
  assert.throws(() => sampleFree([other], 1, [2, 3], random), /pattern of shape \[3, 2\]/);
});

Deno.test("freePositions gives every free position once, in order, in blocks of the size asked for", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(),
      (rows, columns, p, size, seed) => {
        const taken = erdosRenyi(rows, columns, p, randomStream(seed));
        const blocks = Array.from(freePositions(taken, size), (block) => block.slice());
        const there = new Set(positionsOf(taken));
        const free = Array.from({ length: rows * columns }, (_, i) => i)
          .filter((i) => !there.has(i));
        assert.deepEqual(blocks.flatMap((block) => [...block]), free);
        blocks.slice(0, -1).forEach((block) => assert.equal(block.length, size));
        assert.equal(blocks.length, Math.ceil(free.length / size));
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("sampleFreeEvenly draws ascending free positions, no two of them far apart, for any shape", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(),
      (rows, columns, p, share, seed) => {
        const taken = erdosRenyi(rows, columns, p, randomStream(seed));
        const free = Array.from(freePositions(taken, 1000), (block) => [...block]).flat();
        const count = Math.floor(share * free.length);
        const shape = [rows, columns] as const;
        const drawn = sampleFreeEvenly([taken], count, shape, randomStream(seed, "draw"));
        assert.equal(drawn.length, count);
        const ranks = [...drawn].map((position) => free.indexOf(position));
        assert.ok(!ranks.includes(-1));
        const run = Math.ceil(free.length / count);
        for (let i = 1; i < count; i++) {
          const gap = ranks[i] - ranks[i - 1];
          assert.ok(gap > 0 && gap < 2 * run, `${ranks}`);
        }
        assert.deepEqual(
          drawn,
          sampleFreeEvenly(positionsOf(taken), count, shape, randomStream(seed, "draw")),
        );
      },
    ),
    { seed: 1, numRuns: 300 },
  );
  const full = erdosRenyi(3, 3, 1, randomStream(1));
  assert.throws(() => sampleFreeEvenly([full], 1, [3, 3], randomStream(1)), RangeError);
});

Deno.test("sampleFreeEvenly draws every free position equally often, in runs of unequal length too", () => {
  const taken = erdosRenyi(9, 10, 0.3, randomStream(4));
  const random = randomStream(1, "evenly");
  for (const count of [1, 7, 40]) {
    const counts = new Float64Array(90);
    for (let i = 0; i < 4000; i++) {
      for (const position of sampleFreeEvenly([taken], count, [9, 10], random)) counts[position]++;
    }
    const free = Array.from(freePositions(taken, 1000), (block) => [...block]).flat();
    assertUniform(free.map((position) => counts[position]), `${count} of ${free.length}`);
  }
});
