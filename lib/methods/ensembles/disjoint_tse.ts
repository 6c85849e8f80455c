/**
 * Disjoint topologies (RD-TSE and FD-TSE): a new member's connections avoid those of all earlier
 * members. Algorithm 1 of P. R. D. van der Wal, N. Strisciuglio, G. Azzopardi and D. C. Mocanu,
 * "Multilayer perceptron ensembles in a truly sparse training context", Neural Computing and
 * Applications, 2025, https://doi.org/10.1007/s00521-025-11294-3.
 *
 * @module
 */
import { number, type SettingTable } from "../../setting.ts";
import {
  type Grow,
  growWith,
  type LayerwiseStrategy,
  type Placement,
  pruneMagnitude,
  pruneSigned,
  RANDOM_PLACEMENT,
} from "../../topology/mod.ts";
import { GROWTH, type GrowthSettings } from "../growth.ts";
import { growAvoiding, unionMemory } from "./disjoint_growth.ts";

/** The settings of FD-TSE and RD-TSE. */
export interface DisjointSettings extends GrowthSettings {
  /** Layers at least this dense are not regrown disjointly. */
  readonly densityLimit: number;
}

/** The settings of FD-TSE and RD-TSE. */
export const DISJOINT: SettingTable<DisjointSettings> = {
  ...GROWTH,
  densityLimit: number("Layers at least this dense are not regrown disjointly", 0.25, 0, 1),
};

/** Options of {@linkcode disjointTopology}. */
export interface DisjointOptions {
  /**
   * `true`: re-initialisation and all later updates avoid the blocked positions (FD-TSE). `false`: only
   * re-initialisation does (RD-TSE).
   */
  readonly fully: boolean;
  /**
   * Layers of at least this density are regrown at random, because too few positions would be free.
   *
   * @default {0.25}
   */
  readonly densityLimit?: number;
  /**
   * The placement of connections among the allowed positions.
   *
   * @default {RANDOM_PLACEMENT}
   */
  readonly placement?: Placement;
}

/**
 * The disjoint strategies. In hidden-to-hidden layers, new connections avoid the blocked positions: the
 * connections of all earlier members. The first layer is regrown at random. A placement, if given,
 * replaces the random choice everywhere.
 *
 * If too few positions are allowed, all of them are taken, and the rest is placed at blocked positions;
 * the note `overlapping` is the number of such connections. If a layer was regrown at random because of
 * its density, the note `disjoint` says so.
 *
 * @throws {RangeError} If `densityLimit` is not from 0 to 1.
 *
 * @example Usage
 * ```ts
 * import { disjointTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(disjointTopology({ fully: true }).name, "FD-TSE");
 * assert.equal(disjointTopology({ fully: false }).name, "RD-TSE");
 * ```
 */
export function disjointTopology(options: DisjointOptions): LayerwiseStrategy {
  const { fully, densityLimit = 0.25, placement = RANDOM_PLACEMENT } = options;
  if (!(densityLimit >= 0 && densityLimit <= 1)) {
    throw new RangeError(
      `Cannot grow disjoint topologies: the density limit is ${densityLimit}, need 0 to 1`,
    );
  }
  const blockedBy = unionMemory();
  const growDisjoint: Grow = (request) => growAvoiding(request, densityLimit, placement, blockedBy);
  const grow = growWith(placement);
  return {
    name: fully ? "FD-TSE" : "RD-TSE",
    update: { prune: pruneSigned, grow: fully ? growDisjoint : grow },
    reinitialize: { prune: pruneMagnitude, grow: growDisjoint },
  };
}
