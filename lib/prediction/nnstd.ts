/**
 * Neural network sparse topology distance (NNSTD): a distance between two sparse topologies that does
 * not depend on the order of neurons. S. Liu et al., "Topological insights into sparse neural networks",
 * ECML PKDD 2020, https://arxiv.org/abs/2006.14085.
 *
 * @module
 */
import type { StoredDenseLayer } from "../nn/mod.ts";
import {
  type Blocked,
  blockPattern,
  blockSizeOf,
  neuronPattern,
  type Pattern,
  transposeIndex,
} from "../sparse/mod.ts";

/** The connections of a layer: a pattern, a stored sparse layer, or a dense one. Its shape counts neurons. */
export type LayerConnections = (Pattern & Blocked) | StoredDenseLayer;

/** The distance of two layers. */
export interface NnstdLayer {
  /**
   * The mean Jaccard distance of matched neurons: 0 if the layers differ only in the order of neurons, 1
   * if no matched neurons share an input.
   */
  readonly distance: number;
  /** Length rows: for every neuron of the first layer, the matched neuron of the second. */
  readonly matching: Int32Array;
}

/**
 * Computes the topology distance of two networks, layer by layer. The neurons of a layer are matched one
 * to one. The matching minimises the sum of the Jaccard distances of their incoming connections,
 * |A △ B| / |A ∪ B| (0 if both are empty). From the second layer on, incoming connections are renamed by
 * the matching of the previous layer. Input features keep their order.
 *
 * If several matchings are equally good, one is taken, and deeper layers depend on it. For a single layer,
 * pass the networks up to that layer: Fig. 4 of the paper shows the second.
 *
 * Time per layer: O(Σ incoming × outgoing degrees) to compare and up to O(rows³) to match; memory
 * O(rows²).
 *
 * @param first The layers of a network, from the input on.
 * @param second As many layers, of the same shapes.
 * @returns One result per layer.
 * @throws {TypeError} If the numbers of layers or two shapes differ.
 *
 * @example Usage
 * ```ts
 * import { nnstd } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const first = { shape: [2, 4], indptr: Int32Array.of(0, 2, 4), indices: Int32Array.of(0, 1, 2, 3) } as const;
 * const second = { shape: [2, 4], indptr: Int32Array.of(0, 2, 4), indices: Int32Array.of(1, 2, 0, 1) } as const;
 * const [layer] = await nnstd([first], [second]);
 * assert.deepEqual([...layer.matching], [1, 0]);
 * assert.equal(layer.distance, (0 + 2 / 3) / 2);
 * ```
 */
export async function nnstd(
  first: readonly LayerConnections[],
  second: readonly LayerConnections[],
): Promise<NnstdLayer[]> {
  if (first.length !== second.length) {
    throw new TypeError(
      `Cannot compare topologies: found ${first.length} and ${second.length} layers, ` +
        "need equally many",
    );
  }
  first.forEach(({ shape }, layer) => {
    const other = second[layer].shape;
    if (shape[0] !== other[0] || shape[1] !== other[1]) {
      throw new TypeError(
        `Cannot compare topologies: layer ${layer} has shapes [${shape.join(", ")}] and ` +
          `[${other.join(", ")}], need equal ones`,
      );
    }
    if (layer > 0 && shape[1] !== first[layer - 1].shape[0]) {
      throw new TypeError(
        `Cannot compare topologies: layer ${layer} has ${shape[1]} inputs, ` +
          `need ${first[layer - 1].shape[0]}, the neurons of the layer before`,
      );
    }
  });
  // The package is loaded on first use, not when the library is imported.
  const { munkres } = await import("./munkres.ts");
  const results: NnstdLayer[] = [];
  let matching: Int32Array | null = null;
  for (let layer = 0; layer < first.length; layer++) {
    const [one, other] = [first[layer], second[layer]].map(neuronsOf);
    const distances = neuronDistances(one, other, matching);
    const result: NnstdLayer = match(distances, munkres);
    results.push(result);
    matching = result.matching;
  }
  return results;
}

type Assign = (costs: readonly Float64Array[]) => readonly (readonly [number, number])[];

function match(distances: readonly Float64Array[], assign: Assign): NnstdLayer {
  const rows = distances.length;
  const matching = new Int32Array(rows);
  let sum = 0;
  if (rows > 0) {
    for (const [one, other] of assign(distances)) {
      matching[one] = other;
      sum += distances[one][other];
    }
  }
  return { distance: rows === 0 ? 0 : sum / rows, matching };
}

/**
 * Computes the Jaccard distances between the incoming connections of all neurons of the first layer and
 * those of all neurons of the second.
 *
 * @param renaming Input neuron `i` of the first network is input neuron `renaming[i]` of the second;
 * `null` if the numbers are the same.
 * @returns Rows × rows.
 */
function neuronDistances(
  first: LayerConnections,
  second: LayerConnections,
  renaming: Int32Array | null,
): Float64Array[] {
  const [rows, columns] = first.shape;
  const degreeOf = (layer: LayerConnections, row: number) =>
    isDense(layer) ? columns : layer.indptr[row + 1] - layer.indptr[row];
  const secondDegrees = Int32Array.from({ length: rows }, (_, row) => degreeOf(second, row));
  // Lists the second layer's neurons by input, so that only pairs with a common input take time.
  const byInput = isDense(first) || isDense(second) ? null : transposeIndex(second);
  const shared = new Int32Array(rows);
  return Array.from({ length: rows }, (_, row) => {
    if (byInput !== null && !isDense(first)) {
      shared.fill(0);
      for (let entry = first.indptr[row]; entry < first.indptr[row + 1]; entry++) {
        const input = first.indices[entry];
        const column = renaming === null ? input : renaming[input];
        for (let i = byInput.indptr[column]; i < byInput.indptr[column + 1]; i++) {
          shared[byInput.rows[i]]++;
        }
      }
    } else if (isDense(first)) shared.set(secondDegrees);
    else shared.fill(degreeOf(first, row));
    const degree = degreeOf(first, row);
    return Float64Array.from(shared, (common, other) => {
      const union = degree + secondDegrees[other] - common;
      return union === 0 ? 0 : (union - common) / union;
    });
  });
}

/** Returns the connections of a layer between single neurons. Blocks are expanded. */
export function neuronsOf(layer: LayerConnections): Pattern | StoredDenseLayer {
  if (isDense(layer) || blockSizeOf(layer) === 1) return layer;
  return neuronPattern(blockPattern(layer), blockSizeOf(layer));
}

/** Returns `true` for a dense layer, which has all connections and no list of them. */
export function isDense(layer: LayerConnections): layer is StoredDenseLayer {
  return "kind" in layer && layer.kind === "dense";
}
