import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { sriglTopology } from "../../lib/methods/sparse_to_sparse/srigl.ts";
import { randomStream } from "../../lib/random.ts";
import { constantFanIn } from "../../lib/sparse/constant_fan_in.ts";
import { degrees, validatePattern } from "../../lib/sparse/pattern.ts";
import { patternFromPositions, positionsOf } from "../../lib/sparse/positions.ts";
import type { LayerChange, LayerView, Moment, NetworkUpdate } from "../../lib/topology/strategy.ts";

Deno.test("constantFanIn has as many inputs for every neuron, and is never denser than asked", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(),
      (rows, columns, density, seed) => {
        const pattern = constantFanIn(rows, columns, density, randomStream(seed));
        validatePattern(pattern);
        assert.ok(pattern.indices.length <= density * rows * columns + 1e-9);
        const incoming = [...degrees(pattern).incoming];
        const fanIn = Math.max(...incoming);
        assert.ok(incoming.every((count) => count === fanIn || count === 0));
        if (density * columns >= 1) assert.ok(incoming.every((count) => count === fanIn));
        assert.ok(fanIn <= Math.max(1, density * columns + 1e-9));
      },
    ),
    { seed: 1, numRuns: 300 },
  );
  assert.equal(constantFanIn(7, 100, 0.29, randomStream(1)).indices.length, 7 * 29);
});

/** One update of a layer whose gradients at free positions are known. */
function update(weights: number[][], gradient: number[][], rate: number, share: number) {
  const [rows, columns] = [weights.length, weights[0].length];
  const positions = Float64Array.from(weights.flat().keys()).filter((at) =>
    weights.flat()[at] !== 0
  );
  const layer = {
    ...patternFromPositions(positions, [rows, columns]),
    ...{ layer: 0, layers: 2, blockSize: 1, predecessors: [], random: randomStream(1) },
    weights: Float32Array.from(weights.flat().filter((weight) => weight !== 0)),
    density: positions.length / (rows * columns),
    gradientAt: (at: Float64Array) => at.map((position) => gradient.flat()[position]),
  } as unknown as LayerView;
  const { update } = sriglTopology({ salientShare: share });
  const moment = { pruneRate: rate } as Moment;
  const [{ remove, grow }] = (update as NetworkUpdate)({ layers: [layer] }, moment, null) as [
    Required<LayerChange>,
  ];
  const before = positionsOf(layer);
  return { removed: Array.from(remove, (entry) => before[entry]), grown: [...grow] };
}

const WEIGHTS = [
  [5, 4, 0, 0, 0],
  [6, 0, 3, 0, 0],
  [0, 0, 0, 0.1, 0.2],
];
const GRADIENT = [
  [9, 0, 2, 7, 1],
  [0, 1, 0, 8, 3],
  [1, 2, 3, 0, 0],
];

Deno.test("SRigL ablates a neuron without salient connections, and the others share its inputs", () => {
  // A third of six go: 0.1 and 0.2, both of the last neuron. The largest missing gradients are those of
  // the first and second. The last has no salient connection, so the two others have three inputs each.
  assert.deepEqual(update(WEIGHTS, GRADIENT, 1 / 3, 0.3), { removed: [13, 14], grown: [3, 8] });
});

Deno.test("SRigL without ablation keeps the inputs of every neuron", () => {
  // The last neuron has the second largest missing gradient, so it stays, with its own two largest.
  const gradient = [[9, 0, 2, 1, 1], [0, 1, 0, 8, 3], [1, 2, 7.5, 0, 0]];
  const { removed, grown } = update(WEIGHTS, gradient, 1 / 3, 0.3);
  assert.deepEqual({ removed, grown }, { removed: [13, 14], grown: [11, 12] });
  // With γ = 1 one salient connection of two is too little.
  assert.deepEqual(update(WEIGHTS, gradient, 1 / 3, 1).grown, [2, 8]);
});

Deno.test("SRigL asks for a share of the inputs that a neuron has before any loses all", () => {
  // Nine connections of four neurons are two for each; three neurons share them, with three for each.
  const weights = [[5, 4, 0.1, 0, 0], [6, 0.2, 3, 0, 0], [0, 0, 7, 8, 0.3], [0, 0, 0, 0, 0]];
  const gradient = [[0, 0, 7, 9, 8], [0, 1, 0, 2, 0], [0, 0, 0, 0, 3], [0, 0, 0, 0, 0]];
  // All growth is the first neuron's. The next two keep two salient weights: enough of two, if not of three.
  const { removed, grown } = update(weights, gradient, 1 / 3, 1);
  assert.deepEqual({ removed, grown }, { removed: [2, 6, 14], grown: [3, 8, 14] });
});

Deno.test("a neuron of SRigL with more salient weights than inputs keeps its largest", () => {
  const weights = [[5, 4, 0, 0], [0.1, 0.2, 0, 0], [9, 8, 0, 0]];
  // The second neuron loses both weights, and gets two again: its missing gradients are the largest.
  const gradient = [[0, 0, 1, 1], [3, 2, 9, 8], [0, 0, 1, 1]];
  assert.deepEqual(update(weights, gradient, 1 / 3, 0.3), { removed: [4, 5], grown: [6, 7] });
});
