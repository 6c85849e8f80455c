/**
 * Members that descend from one network. The ancestor, and networks that only lead to a member, are
 * trained as members are, and left out of the ensemble.
 *
 * @module
 */
import { methodNamed } from "../methods/mod.ts";
import type { Member, StoredLayer } from "../nn/mod.ts";
import { randomStream } from "../random.ts";
import { densityOf, type Settings } from "../settings/mod.ts";
import { blockSizeOf } from "../sparse/mod.ts";

/** The number of networks that are trained in turn for each member; `null` without a lineage. */
export function roundsOf(settings: Settings): number | null {
  return methodNamed(settings.method).lineage?.rounds(settings) ?? null;
}

/** The numbers of the networks of a lineage that are members: the last one of every member's. */
export function lineageMembers(networks: number, rounds: number): number[] {
  return Array.from({ length: (networks - 1) / rounds }, (_, member) => (member + 1) * rounds);
}

/**
 * The layers of a network that descends from others; `null` for the first, and without a lineage.
 *
 * @param before All networks before it.
 */
export function inheritedLayers(
  settings: Settings,
  before: readonly Member[],
): readonly StoredLayer[] | null {
  const { lineage } = methodNamed(settings.method);
  if (lineage === undefined || before.length === 0) return null;
  const rounds = lineage.rounds(settings);
  const place = before.length - 1;
  const { layers } = before[0];
  const first = settings.embedding === "none" ? 0 : 1;
  return lineage.begin({
    member: Math.floor(place / rounds),
    round: place % rounds,
    before,
    budget: layers.map((layer, l) => {
      if (layer.kind === "dense" || l < first || l === layers.length - 1) return null;
      const [rows, columns] = layer.shape;
      const density = densityOf(settings, layers.map(sizeOf), l);
      return Math.round(density * rows * columns / blockSizeOf(layer));
    }),
    random: (...name) => randomStream(settings.seed, "lineage", ...name),
  }, settings);
}

function sizeOf({ shape: [rows, columns] }: StoredLayer) {
  return { rows, columns };
}
