import assert from "node:assert/strict";
import { dsrTopology, nextThreshold } from "../../lib/methods/sparse_to_sparse/dsr.ts";
import type { LayerChange, NetworkUpdate, TopologyStrategy } from "../../lib/topology/strategy.ts";
import { tinySettings, trained } from "../ensemble/tiny_runs.ts";

Deno.test("DSR's threshold doubles with too few, halves with too many, and stays within a tenth", () => {
  // Algorithm 1 of the paper with δ = 0.1, for a target of 100 weights.
  for (const [pruned, factor] of [[0, 2], [89, 2], [90, 1], [100, 1], [110, 1], [111, 0.5]]) {
    assert.equal(nextThreshold(1e-3, pruned, 100), 1e-3 * factor, `${pruned}`);
  }
});

Deno.test("DSR prunes by one threshold, and grows in proportion to what the layers kept", () => {
  const strategy = dsrTopology({ pruneThreshold: 0.03 });
  let [updates, apart] = [0, 0];
  const watched: TopologyStrategy = {
    ...strategy,
    when: { every: 5, unit: "steps" },
    update(network, moment, memory: { threshold: number }) {
      const { threshold: before } = memory;
      const nnz = network.layers.map(({ indices }) => indices.length);
      const update = strategy.update as NetworkUpdate<typeof memory>;
      const changes = update(network, moment, memory) as Required<LayerChange>[];
      const pruned = network.layers.map(({ weights }) =>
        [...weights].filter((weight) => Math.abs(weight) < before).length
      );
      assert.deepEqual(changes.map(({ remove }) => remove.length), pruned);
      const total = pruned[0] + pruned[1];
      const kept = nnz.map((count, l) => count - pruned[l]);
      changes.forEach(({ grow }, l) => {
        const share = total * kept[l] / (kept[0] + kept[1]);
        assert.ok(Math.abs(grow.length - share) <= 1, `${grow.length} of ${share}`);
        apart += Math.abs(grow.length - pruned[l]);
      });
      assert.equal(memory.threshold, nextThreshold(before, total, 0.2 * (nnz[0] + nnz[1])));
      updates++;
      return changes;
    },
  };
  trained(tinySettings("set", { pruneRate: 0.2 }), { strategy: watched });
  assert.equal(updates, 23);
  assert.ok(apart > 0, "weights move between layers");
});
