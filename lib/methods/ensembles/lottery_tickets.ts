/**
 * Diverse lottery tickets. S. Kobayashi, S. Kiyono, J. Suzuki and K. Inui, "Diverse lottery tickets boost
 * ensemble from a single pretrained model", BigScience workshop at ACL 2022,
 * https://arxiv.org/abs/2205.11833.
 *
 * @module
 */
import { prunedLayer, type StoredLayer, type StoredSparseLayer } from "../../nn/mod.ts";
import { integer, number } from "../../setting.ts";
import { blockPattern, blockSizeOf, erdosRenyi, positionsOf } from "../../sparse/mod.ts";
import { pruneMagnitude, survivorsOf } from "../../topology/mod.ts";
import type { Descent } from "../members.ts";
import type { Method } from "../method.ts";

/** The settings of lottery tickets. */
export interface DiverseTicketSettings {
  /** The rounds of pruning that find a lottery ticket. */
  readonly ticketRounds: number;
  /** The share of the connections that a round of lottery tickets prunes. */
  readonly ticketPruneRate: number;
}

/** The number of connections before the pruning rounds / the number after them. */
const growthOver = (rounds: number, { ticketPruneRate }: DiverseTicketSettings) =>
  (1 - ticketPruneRate) ** -rounds;

/**
 * Makes a layer of a network on the way to a ticket. It keeps the connections that were strongest in the
 * network trained last, with the weights of the pretrained network.
 *
 * @param count The number of connections (or blocks) to keep.
 *
 * @example Usage
 * ```ts
 * import { ticketLayer } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * const layer = (...weights: number[]) => ({
 *   kind: "sparse" as const,
 *   shape: [1, 3] as const,
 *   indptr: Int32Array.of(0, 3),
 *   indices: Int32Array.of(0, 1, 2),
 *   data: Float32Array.from(weights),
 *   bias: Float32Array.of(0),
 * });
 * const ticket = ticketLayer(layer(1, 2, 3), layer(5, 0.1, -4), 2);
 * assert.deepEqual([[...ticket.indices], [...ticket.data]], [[0, 2], [1, 3]]);
 * ```
 */
export function ticketLayer(
  pretrained: StoredSparseLayer,
  trained: StoredSparseLayer,
  count: number,
): StoredSparseLayer {
  const { indices: { length }, data: weights } = trained;
  const pattern = blockPattern(trained);
  const view = { ...pattern, weights, blockSize: blockSizeOf(trained), layer: 0, layers: 1 };
  const weakest = pruneMagnitude(view, Math.max(0, length - count) / Math.max(1, length));
  const kept = new Set(positionsOf(survivorsOf(pattern, weakest)));
  const positions = positionsOf(blockPattern(pretrained));
  const entries = Int32Array.from(positions.keys()).filter((entry) => kept.has(positions[entry]));
  return prunedLayer(pretrained, entries);
}

function roundOf(
  { before, round, budget }: Descent,
  settings: DiverseTicketSettings,
): StoredLayer[] {
  const [pretrained] = before;
  const trained = before[before.length - 1];
  return pretrained.layers.map((layer, l) => {
    const [most, last] = [budget[l], trained.layers[l]];
    if (round === 0 || most === null || layer.kind === "dense") return layer;
    const left = settings.ticketRounds - round;
    return ticketLayer(
      layer,
      last as StoredSparseLayer,
      Math.round(most * growthOver(left, settings)),
    );
  });
}

/**
 * Diverse lottery tickets. One network is pretrained for `--explore` epochs. Each member is a ticket that
 * iterative magnitude pruning finds in it. A round trains the network for `--epochs`, prunes its weakest
 * connections, and sets the other weights, the biases and the output layer back to their pretrained values.
 * After the last round, the ticket has the density of the settings and is trained once more.
 *
 * Tickets differ because their batches and dropout are random: this is the publication's first variant. Its
 * other variants push some weights towards 0 during the rounds: those that earlier tickets kept, or random
 * ones.
 *
 * The publication pretrains a language model (BERT). Its tickets keep 70 % of the connections, a round
 * prunes a tenth, and an ensemble has five. Here the pretrained network is a random network after a few
 * epochs. With a share p pruned per round, it has 1 / (1 − p)^rounds times the connections of a member. The
 * numbers of epochs and rounds are our choice.
 */
export const LOTTERY_TICKETS: Method<"lottery-tickets", DiverseTicketSettings> = {
  name: "lottery-tickets",
  title: "Diverse lottery tickets",
  family: "ensembles",
  source:
    'S. Kobayashi, S. Kiyono, J. Suzuki and K. Inui, "Diverse lottery tickets boost ensemble ' +
    'from a single pretrained model", BigScience workshop at ACL 2022, https://arxiv.org/abs/2205.11833',
  says: "rounds prune the weakest weights of a denser network, and reset the others",
  memory: "1.37 times a member's at first, with three rounds of a tenth",
  layers: "sparse",
  members: "independent",
  settings: {
    ticketRounds: integer("The rounds of pruning that find a lottery ticket", 3, 1, 100),
    ticketPruneRate: number(
      "The share of the connections that a round of lottery tickets prunes",
      0.1,
      0,
      0.9,
    ),
  },
  paper: { learningRate: 0.01 },
  published: { explore: 20, epochs: 40 },
  ignores: ["interval", "pruneRate", "evolveUntil"],
  strategy: (settings) => ({
    name: "diverse lottery tickets",
    source: "https://arxiv.org/abs/2205.11833",
    initialize: ([rows, columns], density, random) => {
      const first = density * growthOver(settings.ticketRounds, settings);
      return erdosRenyi(rows, columns, Math.min(1, first), random);
    },
  }),
  lineage: { rounds: ({ ticketRounds }) => ticketRounds + 1, begin: roundOf },
};
