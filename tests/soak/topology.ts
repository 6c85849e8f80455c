/**
 * Random topology changes of every strategy, each judged by the rules that all of them share and by
 * those of its own.
 *
 * @module
 */
import { randomStream } from "../../lib/random.ts";
import type { Pattern } from "../../lib/sparse/pattern.ts";
import { changeTopology } from "../../lib/topology/change.ts";
import { disjointTopology } from "../../lib/methods/ensembles/disjoint_tse.ts";
import { distanceTopology } from "../../lib/methods/ensembles/distance_tse.ts";
import { randomGrowthTopology } from "../../lib/methods/ensembles/edst.ts";
import { growWith } from "../../lib/topology/placement.ts";
import { setTopology } from "../../lib/methods/sparse_to_sparse/set.ts";
import { strengthPlacement } from "../../lib/topology/strength_placement.ts";
import type { TopologyChange } from "../../lib/topology/strategy.ts";
import { draw, randomLayer } from "../topology/random_layer.ts";
import { ENOUGH_FAILURES, failureText, type SoakOptions, type SoakReport } from "./report.ts";

/** A change and the rule of its own that it keeps. */
export interface NamedChange {
  readonly name: string;
  readonly change: TopologyChange;
  /** Grows outside of the earlier members' positions as far as there is room. */
  readonly disjoint: boolean;
}

const DENSITY_LIMIT = 0.6;

/** Every change of every strategy. */
export function allChanges(): NamedChange[] {
  const placement = strengthPlacement();
  return [
    setTopology(),
    randomGrowthTopology(),
    disjointTopology({ fully: false, densityLimit: DENSITY_LIMIT }),
    disjointTopology({ fully: true, densityLimit: DENSITY_LIMIT }),
    distanceTopology({ lambda: 1, samples: 3, maxIterations: 8 }),
    { ...setTopology(growWith(placement)), name: "SET by strength" },
    {
      ...disjointTopology({ fully: true, densityLimit: DENSITY_LIMIT, placement }),
      name: "FD-TSE by strength",
    },
  ].flatMap(({ name, update, reinitialize }) => [
    {
      name: `${name}, update`,
      change: update!,
      disjoint: name.startsWith("FD-TSE"),
    },
    ...reinitialize === undefined ? [] : [{
      name: `${name}, re-initialisation`,
      change: reinitialize,
      disjoint: name.startsWith("FD-TSE") || name === "RD-TSE",
    }],
  ]);
}

/** What one case was about, where it kept the rules. */
export interface CaseCounts {
  /** Connections that were moved. */
  readonly moved: number;
  /** Connections at positions of earlier members that could not be avoided. */
  readonly forced: number;
}

/**
 * One random change of one random layer.
 *
 * @throws {Error} If it broke a rule: which, and in which case.
 */
export function topologyCase(seed: number, number: number, changes: NamedChange[]): CaseCounts {
  const random = randomStream(seed, "topology case", number);
  const { name, change, disjoint } = changes[random.below(changes.length)];
  const fail = (what: string): never => {
    throw new Error(`case ${number}, ${name}: ${what}`);
  };
  const [rows, columns] = [1 + random.below(12), 1 + random.below(12)];
  const size = rows * columns;
  const layers = 2 + random.below(3);
  const drawn = randomLayer(rows, columns, random.float(), random.uint32());
  const layer = { ...drawn, layer: random.below(layers), layers };
  // A second state, as Adam has it, and numbers that tell where an entry comes from.
  const state = [drawn.state[0], drawn.weights.map((_, entry) => entry + 1)];
  const fraction = [0, 1, random.float(), random.float()][random.below(4)];
  const predecessors: Pattern[] = Array.from(
    { length: random.below(4) },
    () => randomLayer(rows, columns, random.float(), random.uint32()),
  );

  const before = new Float32Array(size);
  const beforeState = new Float32Array(size);
  const was = new Int32Array(size).fill(-1);
  for (let row = 0, entry = 0; row < rows; row++) {
    for (; entry < layer.indptr[row + 1]; entry++) {
      const position = row * columns + layer.indices[entry];
      before[position] = layer.weights[entry];
      beforeState[position] = state[0][entry];
      was[position] = entry;
    }
  }
  const nnz = layer.indices.length;
  let removedCount = -1;
  let dropped: Uint8Array = new Uint8Array(0);
  const { count, notes } = changeTopology({
    layer: { ...layer, state },
    change: {
      prune: (topology, share, stream) => {
        const removed = change.prune(topology, share, stream);
        removedCount = removed.length;
        dropped = new Uint8Array(nnz);
        for (const entry of removed) dropped[entry] = 1;
        return removed;
      },
      grow: change.grow,
    },
    fraction,
    predecessors,
    random,
    draw,
  });

  if (count !== removedCount) fail(`${count} grown for ${removedCount} removed`);
  if (fraction === 1 && count !== nnz) fail(`${count} of ${nnz} replaced`);
  if (count > fraction * nnz + 1e-9) fail(`${count} of ${nnz} replaced, more than ${fraction}`);
  const { indptr, indices, weights } = layer;
  if (indptr[0] !== 0 || indptr[rows] !== nnz || indices.length !== nnz) fail("nnz has changed");

  const blocked = new Uint8Array(size);
  for (const { indptr, indices } of predecessors) {
    for (let row = 0, entry = 0; row < rows; row++) {
      for (; entry < indptr[row + 1]; entry++) blocked[row * columns + indices[entry]] = 1;
    }
  }
  let [survived, fresh, atBlocked] = [0, 0, 0];
  for (let row = 0, entry = 0; row < rows; row++) {
    if (indptr[row + 1] < indptr[row]) fail(`indptr falls at row ${row}`);
    for (let last = -1; entry < indptr[row + 1]; entry++) {
      const column = indices[entry];
      if (column <= last || column >= columns) fail(`column ${column} after ${last}`);
      last = column;
      const position = row * columns + column;
      const from = was[position];
      if (!Number.isFinite(weights[entry])) fail(`weight ${weights[entry]}`);
      if (from >= 0 && dropped[from] === 0) {
        survived++;
        if (weights[entry] !== before[position]) fail("a survivor has another weight");
        if (state[0][entry] !== beforeState[position] || state[1][entry] !== from + 1) {
          fail("a survivor has another state");
        }
      } else {
        fresh++;
        if (state[0][entry] !== 0 || state[1][entry] !== 0) fail("a new connection has state");
        atBlocked += blocked[position];
      }
    }
  }
  if (survived !== nnz - count || fresh !== count) fail(`${survived} survived, ${fresh} are new`);

  const hidden = layer.layer > 0 && layer.layer < layers - 1 && predecessors.length > 0;
  if (!disjoint || !hidden || nnz / size >= DENSITY_LIMIT) return { moved: count, forced: 0 };
  let allowed = 0;
  for (let position = 0; position < size; position++) {
    const from = was[position];
    if (blocked[position] === 0 && !(from >= 0 && dropped[from] === 0)) allowed++;
  }
  const forced = Math.max(0, count - allowed);
  if (atBlocked !== forced) fail(`${atBlocked} at blocked positions, need ${forced}`);
  if (notes.overlapping !== forced) fail(`notes of ${notes.overlapping} overlaps, need ${forced}`);
  return { moved: count, forced };
}

/** As many random cases as asked for. */
export function soakTopology(cases: number, options: SoakOptions): SoakReport {
  const { seed, deadline, onProgress } = options;
  const changes = allChanges();
  const failures: string[] = [];
  let [done, moved, forced] = [0, 0, 0];
  for (let number = 0; number < cases; number++) {
    if (number % 1000 === 0 && performance.now() >= deadline) break;
    if (number % 100_000 === 99_999) onProgress?.(`${number + 1} cases`);
    try {
      const found = topologyCase(seed, number, changes);
      moved += found.moved;
      forced += found.forced;
    } catch (error) {
      failures.push(failureText(error));
      if (failures.length >= ENOUGH_FAILURES) break;
    }
    done++;
  }
  return {
    counts: { cases: done, "connections moved": moved, "overlaps that had to be": forced },
    failures,
  };
}
