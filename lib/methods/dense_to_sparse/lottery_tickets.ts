/**
 * Lottery tickets: iterative magnitude pruning with rewinding. J. Frankle and M. Carbin, "The lottery ticket
 * hypothesis: finding sparse, trainable neural networks", ICLR 2019, https://arxiv.org/abs/1803.03635. Late
 * rewinding: J. Frankle et al., "Linear mode connectivity and the lottery ticket hypothesis", ICML 2020,
 * https://arxiv.org/abs/1912.05671.
 *
 * @module
 */
import { integer, share } from "../../setting.ts";
import { blockNormFlops, erdosRenyi } from "../../sparse/mod.ts";
import { pruneMagnitude, type TopologyStrategy } from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/** The settings of lottery tickets. */
export interface TicketSettings {
  /** The largest share of a layer's connections that go after a round of lottery tickets. */
  readonly roundRate: number;
  /** The step of the first round whose weights lottery tickets go back to. */
  readonly rewindStep: number;
}

/**
 * The number of pruning rounds: the smallest number that lowers a density of 1 to `density`, if each round
 * prunes the same share of the connections, at most `roundRate`.
 */
export function ticketRounds(density: number, roundRate: number): number {
  return Math.max(1, Math.ceil(Math.log(density) / Math.log1p(-roundRate) - 1e-9));
}

/**
 * Lottery tickets: iterative magnitude pruning with rewinding. A round trains the network, prunes its
 * weakest weights, and sets the others back to their values at the beginning, or at a step of the first
 * round. Rounds are repeated until the density is that of the settings. The last round trains the ticket.
 *
 * As in the paper's fully connected network, each layer is pruned on its own. There a round prunes a fifth
 * of a layer, and a tenth of the output layer; here the output layer is not pruned.
 *
 * The rounds share the run's epochs evenly, with one learning-rate curve over all of them. In the paper
 * each round is a whole training. Biases and the optimiser's state are not rewound, because a strategy
 * cannot set them. The first round needs the memory of the dense network. In all rounds, every remaining
 * weight needs 8 bytes more.
 *
 * @param options.roundRate The largest share of a layer's connections that a round prunes.
 * @param options.rewindStep The step whose weights the network goes back to; 0 for the initial weights.
 *
 * @example Usage
 * ```ts
 * import { lotteryTickets } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(lotteryTickets().name, "lottery tickets");
 * ```
 */
export function lotteryTickets(
  { roundRate = 0.2, rewindStep = 0 } = {},
): TopologyStrategy<{ round: number }> {
  return {
    name: "lottery tickets",
    source: "https://arxiv.org/abs/1803.03635",
    own: ["first"],
    initialize: ([rows, columns], _density, random) => erdosRenyi(rows, columns, 1, random),
    when: { every: 1, unit: "steps" },
    begin({ layers }) {
      for (const { weights, own } of layers) own.first.set(weights);
      return { round: 0 };
    },
    update({ layers }, { step, progress }, memory) {
      if (memory.round === 0 && step === rewindStep) {
        for (const { weights, own } of layers) own.first.set(weights);
      }
      const sparsest = Math.min(...layers.map(({ density }) => density));
      const rounds = ticketRounds(sparsest, roundRate);
      const round = Math.min(rounds, Math.floor(progress * (rounds + 1) + 1e-9));
      if (round === memory.round) return [];
      memory.round = round;
      return layers.map(({ ...layer }) => {
        const { density, shape: [rows, columns], indices: { length }, blockSize } = layer;
        const wanted = Math.floor(density ** (round / rounds) * rows * columns + 1e-9);
        const remove = pruneMagnitude(layer, Math.max(0, length - wanted) / length);
        const flops = blockNormFlops(length, blockSize);
        return { layer: layer.layer, remove, weights: layer.own.first, flops };
      });
    },
  };
}

/** Lottery tickets: one network or independent ones. */
export const TICKETS: Method<"lottery", TicketSettings> = {
  name: "lottery",
  title: "Lottery tickets",
  family: "dense to sparse",
  source:
    'J. Frankle and M. Carbin, "The lottery ticket hypothesis: finding sparse, trainable neural ' +
    'networks", ICLR 2019, https://arxiv.org/abs/1803.03635',
  says: "begins dense; each round prunes the weakest weights and resets the others",
  memory: "dense in the first round, with 8 bytes a weight more",
  layers: "sparse",
  members: "independent",
  settings: {
    roundRate: share(
      "The largest share of a layer's connections that go after a round of lottery tickets",
      0.2,
    ),
    rewindStep: integer(
      "The step of the first round whose weights lottery tickets go back to",
      0,
      0,
    ),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  // A network of an earlier epoch would have more connections.
  only: { memberSelection: ["last"] },
  ignores: ["interval", "pruneRate", "evolveUntil"],
  strategy: lotteryTickets,
};
