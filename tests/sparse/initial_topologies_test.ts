/** Patterns that layers begin with: scale-free, small worlds, and the division of connections. */
import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { layerDensities } from "../../lib/sparse/allocation.ts";
import { barabasiAlbert } from "../../lib/sparse/barabasi_albert.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import { degrees, type Pattern, validatePattern } from "../../lib/sparse/pattern.ts";
import { wattsStrogatz } from "../../lib/sparse/watts_strogatz.ts";

const allDegrees = (pattern: Pattern) => {
  const { incoming, outgoing } = degrees(pattern);
  return [...incoming, ...outgoing];
};

Deno.test("every first topology has as many connections as asked, whatever the shape and density", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(),
      (rows, columns, density, rewiring, seed) => {
        for (
          const pattern of [
            barabasiAlbert(rows, columns, density, randomStream(seed)),
            wattsStrogatz(rows, columns, density, rewiring, randomStream(seed)),
          ]
        ) {
          validatePattern(pattern);
          assert.deepEqual(pattern.shape, [rows, columns]);
          const asked = density * rows * columns;
          assert.ok(pattern.indices.length <= asked + 1e-9 && pattern.indices.length > asked - 1);
        }
      },
    ),
    { seed: 1, numRuns: 500 },
  );
  for (
    const draw of [
      barabasiAlbert,
      (...args: Parameters<typeof barabasiAlbert>) =>
        wattsStrogatz(args[0], args[1], args[2], 0.5, args[3]),
    ]
  ) {
    assert.throws(
      () => draw(2, 2, 1.5, randomStream(1)),
      /the density is 1.5, need a number from 0 to 1/,
    );
  }
});

Deno.test("the degrees of a Barabási–Albert layer have the model's tail", () => {
  // The exact distribution of the model, with m connections a neuron: P(degree ≥ k) = m (m + 1) / (k (k + 1)).
  // B. Bollobás et al., "The degree sequence of a scale-free random graph process", 2001.
  const [neurons, m] = [3000, 3];
  const found = allDegrees(barabasiAlbert(neurons, neurons, 2 * m / neurons, randomStream(1)));
  const share = (k: number, degrees: number[]) =>
    degrees.filter((degree) => degree >= k).length / degrees.length;
  for (const k of [4, 6, 10, 20, 40]) {
    const expected = m * (m + 1) / (k * (k + 1));
    const deviation = Math.sqrt(expected * (1 - expected) / (2 * neurons));
    assert.ok(Math.abs(share(k, found) - expected) < 5 * deviation, `${k}: ${share(k, found)}`);
  }
  // Of as many Erdős–Rényi neurons none has so many: the mean is 6.
  const random = allDegrees(erdosRenyi(neurons, neurons, 2 * m / neurons, randomStream(1)));
  assert.ok(Math.max(...random) < 30 && Math.max(...found) > 100);
});

Deno.test("a small world is regular without rewiring, and the rewired share is β", () => {
  const [rows, columns, density] = [60, 90, 0.1];
  const ring = wattsStrogatz(rows, columns, density, 0, randomStream(1));
  const { incoming, outgoing } = degrees(ring);
  assert.ok(incoming.every((count) => count === 9));
  assert.ok(outgoing.every((count) => count === 6));
  // The nearest inputs: none is farther than half of the nine.
  const far = (pattern: Pattern) =>
    Array.from(
      { length: rows },
      (_, row) =>
        Array.from(
          pattern.indices.subarray(pattern.indptr[row], pattern.indptr[row + 1]),
          (input) => {
            const distance = Math.abs(input + 0.5 - row * columns / rows);
            return Math.min(distance, columns - distance) > 4.6;
          },
        ),
    ).flat().filter(Boolean).length;
  assert.equal(far(ring), 0);
  // A rewired connection lies beyond them with the share of the positions that do.
  const [links, beta] = [540, 0.25];
  const expected = links * beta * 0.9 / (1 - 0.1 * (1 - beta));
  const found = far(wattsStrogatz(rows, columns, density, beta, randomStream(2)));
  assert.ok(Math.abs(found - expected) < 5 * Math.sqrt(links * beta * (1 - beta)), `${found}`);
});

Deno.test("an allocation keeps the number of connections, and fills no layer beyond its positions", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 6 }),
      fc.double({ min: 0.1, max: 40, noNaN: true }),
      (sizes, epsilon) => {
        const cells = sizes.slice(1).map((rows, l) => rows * sizes[l]);
        const count = (densities: number[]) =>
          densities.reduce((sum, density, l) => sum + density * cells[l], 0);
        const random = layerDensities(sizes, epsilon, "er");
        assert.deepEqual(layerDensities(sizes, epsilon, "erk"), random);
        for (const allocation of ["uniform", "equal"] as const) {
          const densities = layerDensities(sizes, epsilon, allocation);
          assert.ok(densities.every((density) => density >= 0 && density <= 1));
          assert.ok(Math.abs(count(densities) - count(random)) < 1e-9 * (1 + count(random)));
        }
      },
    ),
    { seed: 1, numRuns: 500 },
  );
  // 784 – 300 – 100 – 10 at ε = 10: 10840, 4000 and 1000 (full) of 266200 positions.
  const lenet = [784, 300, 100, 10];
  assert.deepEqual(
    layerDensities(lenet, 10, "uniform").map((d) => d.toFixed(6)),
    Array(3).fill((15840 / 266200).toFixed(6)),
  );
  assert.deepEqual(
    layerDensities(lenet, 10, "equal").map((d, l) => Math.round(d * lenet[l] * lenet[l + 1])),
    [7420, 7420, 1000],
  );
});
