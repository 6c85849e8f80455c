/**
 * The costs of a network that must grow linearly with its stored weights: drawing it, copying it into
 * kernel memory, changing its topology, saving it, loading it.
 *
 * @module
 */
import { type FlopCount, topologyFlops } from "../counters/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { setTopology } from "../methods/mod.ts";
import { load, save } from "../model/mod.ts";
import { fillInitial, initialLayers, openNetwork, type StoredSparseLayer } from "../nn/mod.ts";
import { randomStream } from "../random.ts";
import { defaultSettings, optimizerOf } from "../settings/mod.ts";
import { changeTopology } from "../topology/mod.ts";
import { paperModel } from "./inference.ts";
import {
  logLogSlope,
  measure,
  type Measurement,
  type MeasureOptions,
  type Quartiles,
  quartiles,
  type WorkFlops,
  workFlops,
} from "./measuring/mod.ts";
import { reportFlops } from "./topology_speed.ts";

const EPSILON = 20;
const INPUTS = 20;
const CLASSES = 2;

export type LinearCost = "draw" | "allocate" | "update topology" | "save" | "load";

/** One cost at all sizes. */
export interface CostGrowth {
  readonly cost: LinearCost;
  /** From the smallest network to the largest. */
  readonly points: readonly {
    readonly nnz: number;
    readonly ms: Quartiles;
    /** New weights take a few operations each. Costs that only move bytes have none. */
    readonly flops: WorkFlops;
  }[];
  /** The exponent of the medians' growth over all sizes. */
  readonly exponent: number;
  /** The exponent over the last decade of sizes, where fixed costs hardly count. */
  readonly lastExponent: number;
}

/**
 * Measures the costs of networks with two hidden layers.
 *
 * @param sizes Approximate numbers of stored weights, from the smallest to the largest.
 * @param file The path to save to. The file is not deleted.
 */
export function costGrowth(
  sizes: readonly number[],
  kernels: Kernels,
  file: string,
  options: MeasureOptions,
  onSize: (nnz: number) => void = () => {},
): CostGrowth[] {
  const points = sizes.map((size) => {
    onSize(size);
    return costsAt(size, kernels, file, options);
  });
  return (["draw", "allocate", "update topology", "save", "load"] as const).map((cost) => {
    const curve = points.map(({ nnz, measured, phases }) => ({
      nnz,
      ms: quartiles(measured[cost].samples),
      flops: workFlops(phases[cost] ?? {}, measured[cost]),
    }));
    const xy = curve.map(({ nnz, ms }) => ({ x: nnz, y: ms.median }));
    const last = xy.filter(({ x }) => x > xy[xy.length - 1].x / 15);
    return { cost, points: curve, exponent: logLogSlope(xy), lastExponent: logLogSlope(last) };
  });
}

function costsAt(size: number, kernels: Kernels, file: string, options: MeasureOptions): {
  nnz: number;
  measured: Record<LinearCost, Measurement>;
  phases: Partial<Record<LinearCost, Partial<FlopCount>>>;
} {
  const settings = defaultSettings("fd");
  // Weights per neuron: 2 ε in the second hidden layer, INPUTS in the first, CLASSES to the output.
  const neurons = Math.round(size / (2 * EPSILON + INPUTS + CLASSES));
  const sizes = [INPUTS, neurons, neurons, CLASSES];
  const { initializer, fan } = settings;
  const draw = () => initialLayers({ sizes, epsilon: EPSILON, initializer, fan, seed: 1 });
  const layers = draw();
  const model = {
    ...paperModel([INPUTS, 1, CLASSES]),
    members: [{ layers, epoch: 1, validationAccuracy: null }],
  };
  const allocate = () =>
    openNetwork(kernels, layers, { kind: "relu" }, optimizerOf(settings)).dispose();
  const hidden = layers[1] as StoredSparseLayer;
  const topology = {
    ...hidden,
    indptr: hidden.indptr.slice(),
    indices: hidden.indices.slice(),
    weights: hidden.data.slice(),
    layer: 1,
    layers: layers.length,
    state: [new Float32Array(hidden.data.length)],
  };
  const { update } = setTopology();
  let times = 0;
  let updated: Partial<FlopCount> = {};
  const updateTopology = () => {
    updated = reportFlops(changeTopology({
      layer: topology,
      change: update!,
      fraction: settings.pruneRate,
      predecessors: [],
      random: randomStream(times++, "benchmark change"),
      draw: (values, random) => fillInitial(values, initializer, neurons, neurons, random),
    }));
  };
  save(model, file);
  const measured = measure({
    draw,
    allocate,
    "update topology": updateTopology,
    save: () => save(model, file),
    load: () => load(file),
  }, options);
  const nnz = layers.reduce((sum, layer) => sum + (layer as StoredSparseLayer).data.length, 0);
  const phases = { draw: topologyFlops(nnz, initializer), "update topology": updated };
  return { nnz, measured, phases };
}
