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

/** The factor of the connections before so many rounds of pruning. */
const growthOver = (rounds: number, { ticketPruneRate }: DiverseTicketSettings) =>
  (1 - ticketPruneRate) ** -rounds;

/**
 * The layers of a network on the way to a ticket: the weights of the pretrained network, at the
 * connections that were strongest in the network that was trained before it.
 *
 * @param count The number of connections to keep, or blocks of them.
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
 * Diverse lottery tickets: one network is trained for `--explore` epochs. Each member then comes of it by
 * iterative magnitude pruning: it is trained for `--epochs`, its weakest connections go, the others take
 * their pretrained weights back, as do biases and output layer; and so on, until it has the density of the
 * settings and is trained once more. Tickets differ by the chance of batches and dropout, which is the
 * publication's first variant. Its others also push some weights towards 0 while a ticket is sought: those
 * that earlier tickets kept, or random ones. Its pretrained network is a language model (BERT), of which
 * tickets keep 70 %, a tenth going after each round, in ensembles of five. Here it is what a few epochs made
 * of a random one, with 1 / (1 − p)^rounds times a member's connections. The numbers of epochs and of
 * rounds are ours.
 */
export const LOTTERY_TICKETS: Method<"lottery-tickets", DiverseTicketSettings> = {
  name: "lottery-tickets",
  title: "Diverse lottery tickets",
  family: "ensembles",
  source:
    'S. Kobayashi, S. Kiyono, J. Suzuki and K. Inui, "Diverse lottery tickets boost ensemble ' +
    'from a single pretrained model", BigScience workshop at ACL 2022, https://arxiv.org/abs/2205.11833',
  says: "the weakest of a denser network go in rounds; the others take their first weights back",
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
