import assert from "node:assert/strict";
import { lotteryTickets, ticketRounds } from "../../lib/methods/dense_to_sparse/lottery_tickets.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import type { LayerChange, NetworkUpdate, TopologyStrategy } from "../../lib/topology/strategy.ts";
import { tinySettings, trained } from "../ensemble/tiny_runs.ts";

Deno.test("a fifth a round leads to 51.2 % in three rounds, and to a hundredth in 21", () => {
  assert.equal(ticketRounds(0.8, 0.2), 1);
  assert.equal(ticketRounds(0.8 ** 3, 0.2), 3);
  assert.equal(ticketRounds(0.5, 0.2), 4);
  assert.equal(ticketRounds(0.01, 0.2), 21);
  assert.equal(ticketRounds(1, 0.2), 1);
});

for (const rewindStep of [0, 7]) {
  Deno.test(`a ticket's weights go back to those of step ${rewindStep}, in even rounds`, () => {
    const strategy = lotteryTickets({ roundRate: 0.5, rewindStep });
    const first: Map<number, number>[] = [];
    const steps: number[] = [];
    let [seen, densities] = [0, [] as number[]];
    const watched: TopologyStrategy = {
      ...strategy,
      begin(network) {
        if (rewindStep === 0) keep(network.layers);
        return strategy.begin!(network);
      },
      update(network, moment, memory) {
        if (moment.step === rewindStep) keep(network.layers);
        const changes = (strategy.update as NetworkUpdate)(network, moment, memory);
        if (changes.length === 0) return changes;
        steps.push(moment.step);
        changes.forEach(({ weights, remove }: LayerChange, l: number) => {
          const gone = new Set(remove);
          positionsOf(network.layers[l]).forEach((position, entry) => {
            if (gone.has(entry)) return;
            assert.equal(weights![entry], first[l].get(position));
            seen++;
          });
        });
        const { indices, shape } = network.layers[1];
        densities.push((indices.length - changes[1].remove!.length) / (shape[0] * shape[1]));
        return changes;
      },
    };
    const keep = (layers: Parameters<NonNullable<TopologyStrategy["begin"]>>[0]["layers"]) =>
      layers.forEach((layer, l) => {
        const positions = positionsOf(layer);
        first[l] = new Map(Array.from(layer.weights, (weight, k) => [positions[k], weight]));
      });
    // Densities 0.4 and 0.13: three rounds by at most a half, in 120 steps.
    trained(tinySettings("set", { memberSelection: "last" }), { strategy: watched });
    assert.deepEqual(steps, [30, 60, 90]);
    assert.ok(seen > 0);
    const wanted = 2 / 15;
    densities.forEach((density, i) => {
      assert.ok(Math.abs(density - wanted ** ((i + 1) / 3)) < 1e-3, `${densities}`);
    });
  });
}
