/**
 * What a trained ensemble looks like from outside: sizes, densities, degrees, overlaps.
 *
 * @module
 */
import type { StoredLayer } from "../nn/mod.ts";
import { degrees, overlap } from "../sparse/mod.ts";
import type { Model } from "./model.ts";

/** The spread of some counts. */
export interface Spread {
  /** The least. */
  readonly least: number;
  /** The middle one; the mean of the two middle ones where there is none. */
  readonly median: number;
  /** The most. */
  readonly most: number;
}

/** One layer of one member. */
export interface LayerInspection {
  /** Output neurons × input neurons. */
  readonly shape: readonly [rows: number, columns: number];
  /** What it is made of. */
  readonly kind: StoredLayer["kind"];
  /** Stored weights. */
  readonly nnz: number;
  /** Stored weights as a share of all possible ones. */
  readonly density: number;
  /** Connections into an output neuron. */
  readonly incoming: Spread;
  /** Connections out of an input neuron. */
  readonly outgoing: Spread;
}

/** A model, looked at. */
export interface Inspection {
  /** Per member, per layer. */
  readonly members: readonly {
    readonly epoch: number;
    readonly validationAccuracy: number | null;
    readonly layers: readonly LayerInspection[];
  }[];
  /**
   * Per layer, a table of members × members: the share of the row's connections that the column's
   * member has too.
   */
  readonly overlaps: readonly (readonly (readonly number[])[])[];
}

/** Looks at a model's layers and at how far its members' topologies overlap. */
export function inspectModel(model: Model): Inspection {
  const { members } = model;
  return {
    members: members.map(({ epoch, validationAccuracy, layers }) => ({
      epoch,
      validationAccuracy,
      layers: layers.map(inspectLayer),
    })),
    overlaps: members[0].layers.map((_, l) =>
      members.map((one) => members.map((other) => sharedShare(one.layers[l], other.layers[l])))
    ),
  };
}

function inspectLayer(layer: StoredLayer): LayerInspection {
  const { shape, kind } = layer;
  const [rows, columns] = shape;
  if (kind === "dense") {
    const all = (count: number): Spread => ({ least: count, median: count, most: count });
    const nnz = rows * columns;
    return { shape, kind, nnz, density: 1, incoming: all(columns), outgoing: all(rows) };
  }
  const nnz = layer.indices.length;
  const { incoming, outgoing } = degrees(layer);
  return {
    shape,
    kind,
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

function sharedShare(one: StoredLayer, other: StoredLayer): number {
  if (one.kind === "dense" || other.kind === "dense") return 1;
  return one.indices.length === 0 ? 0 : overlap(one, other) / one.indices.length;
}
