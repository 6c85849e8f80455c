/**
 * The topology of a trained ensemble in numbers: sizes, densities, degrees, overlaps.
 *
 * @module
 */
import { requireKind } from "../arguments.ts";
import type { StoredLayer } from "../nn/mod.ts";
import { topologyOverlaps } from "../prediction/mod.ts";
import { blockPattern, blockSizeOf, degrees, neuronPattern } from "../sparse/mod.ts";
import { memberNumbers, type Model } from "./model.ts";

/** The smallest, median and largest of some counts. */
export interface Spread {
  /** The smallest count. */
  readonly least: number;
  /** The median; of an even number of counts, the mean of the two in the middle. */
  readonly median: number;
  /** The largest count. */
  readonly most: number;
}

/** One layer of one member. */
export interface LayerInspection {
  /** Output neurons × input neurons. */
  readonly shape: readonly [rows: number, columns: number];
  /** The kind of the layer: sparse or dense. */
  readonly kind: StoredLayer["kind"];
  /** G: neighbouring output neurons that share their inputs. */
  readonly blockSize: number;
  /** Stored weights. */
  readonly nnz: number;
  /** Stored weights as a share of rows × columns. */
  readonly density: number;
  /** Connections into an output neuron. */
  readonly incoming: Spread;
  /** Connections out of an input neuron. */
  readonly outgoing: Spread;
}

/** The topology of a model in numbers. */
export interface Inspection {
  /** Per member, per layer. */
  readonly members: readonly {
    /** The member's number in the order of training, from 1. */
    readonly number: number;
    readonly epoch: number;
    readonly validationAccuracy: number | null;
    /**
     * The factor of the member's outputs in the ensemble's answer; `undefined` if all members have the same
     * factor.
     */
    readonly vote: number | undefined;
    readonly layers: readonly LayerInspection[];
  }[];
  /**
   * Per layer, a table of members × members: the share of the row member's connections that the column
   * member has too. Empty if the members' layers differ in number or size.
   */
  readonly overlaps: readonly (readonly (readonly number[])[])[];
}

/**
 * Counts a model's connections, layer by layer, and the connections that its members share.
 *
 * @throws {TypeError} If `model` is no model.
 */
export function inspectModel(model: Pick<Model, "members" | "settings">): Inspection {
  requireKind("inspect a model", model, {
    name: "a model",
    has: ["members", "settings"],
    makers: ["fit", "load"],
  });
  const { members } = model;
  const sizes = members.map(({ layers }) => layers.map(({ shape }) => shape).join());
  const numbers = memberNumbers(model);
  const isAlike = new Set(sizes).size === 1;
  return {
    members: members.map(({ epoch, validationAccuracy, vote, layers }, m) => ({
      number: numbers[m],
      epoch,
      validationAccuracy,
      vote,
      layers: layers.map(inspectLayer),
    })),
    overlaps: isAlike ? topologyOverlaps(members.map(({ layers }) => layers)) : [],
  };
}

function inspectLayer(layer: StoredLayer): LayerInspection {
  const { shape, kind } = layer;
  const [rows, columns] = shape;
  if (kind === "dense") {
    const all = (count: number): Spread => ({ least: count, median: count, most: count });
    const nnz = rows * columns;
    return {
      shape,
      kind,
      blockSize: 1,
      nnz,
      density: 1,
      incoming: all(columns),
      outgoing: all(rows),
    };
  }
  const nnz = layer.data.length;
  const blockSize = blockSizeOf(layer);
  const { incoming, outgoing } = degrees(neuronPattern(blockPattern(layer), blockSize));
  return {
    shape,
    kind,
    blockSize,
    nnz,
    density: nnz / (rows * columns),
    incoming: spreadOf(incoming),
    outgoing: spreadOf(outgoing),
  };
}

function spreadOf(counts: ArrayLike<number>): Spread {
  const sorted = Float64Array.from(counts).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  const upper = sorted[Math.ceil((sorted.length - 1) / 2)];
  return { least: at(0), median: (at(0.5) + upper) / 2, most: at(1) };
}
