/**
 * Members that descend from one network, the ancestor. The ancestor and the networks of intermediate rounds
 * are trained like members, but are not part of the ensemble.
 *
 * @module
 */
import { methodNamed } from "../methods/mod.ts";
import type { Member, StoredLayer } from "../nn/mod.ts";
import { randomStream } from "../random.ts";
import { densityOf, type Settings } from "../settings/mod.ts";
import { blockSizeOf } from "../sparse/mod.ts";

/**
 * Returns the number of networks that are trained one after the other for each member; `null` without a
 * lineage.
 */
export function roundsOf(settings: Settings): number | null {
  return methodNamed(settings.method).lineage?.rounds(settings) ?? null;
}

/** Returns the numbers of the networks that are members: for every member, the last of its networks. */
export function lineageMembers(networks: number, rounds: number): number[] {
  return Array.from({ length: (networks - 1) / rounds }, (_, member) => (member + 1) * rounds);
}

/**
 * Makes the first layers of a network that descends from others; `null` for the ancestor, and without a
 * lineage.
 *
 * @param before All networks that were trained before it.
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
