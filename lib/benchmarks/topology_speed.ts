/**
 * The speed of topology changes at the sizes of the paper's Table 4.
 *
 * @module
 */
import { type FlopCount, noFlops, topologyFlops } from "../counters/mod.ts";
import { TABLE4 } from "../experiments/paper/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { disjointTopology, distanceTopology, setTopology } from "../methods/mod.ts";
import { fillInitial, indexTranspose, openLayer, type SparseLayer } from "../nn/mod.ts";
import { randomStream } from "../random.ts";
import type { Pattern } from "../sparse/mod.ts";
import { type ChangeReport, changeTopology, type TopologyChange } from "../topology/mod.ts";
import {
  measure,
  type MeasureOptions,
  type Quartiles,
  quartiles,
  squarePattern,
  type WorkFlops,
  workFlops,
} from "./measuring/mod.ts";

const EPSILON = 10;
const LAMBDA = 1.5;
/** The paper's pruning rates. */
const RATES = { update: 0.2, reinitialize: 0.8 };

export type MeasuredChange = "SET update" | "FD update" | "RD" | "FD" | "Dist";

/** Seconds of a re-initialisation in the paper's Table 4; `null` if the table has none. */
function paperSeconds(neurons: number, change: MeasuredChange): number | null {
  const method = { RD: "rd", FD: "fd", Dist: "dist" }[change as string];
  const found = TABLE4.find((row) => row.method === method && row.neurons === neurons);
  return found?.seconds ?? null;
}

/** The speed of one change of one square layer. */
export interface ChangeSpeed {
  readonly neurons: number;
  readonly nnz: number;
  readonly change: MeasuredChange;
  /** Milliseconds, including the transpose index. */
  readonly ms: Quartiles;
  /** The operations of the last change. The number of candidates of Dist-TSE is random. */
  readonly flops: WorkFlops;
  /** Seconds in the paper, or `null`. */
  readonly paperSeconds: number | null;
}

/** Measures all changes at all sizes. Re-initialisations avoid one earlier member. */
export function changeSpeeds(
  sizes: readonly number[],
  kernels: Kernels,
  options: MeasureOptions,
  onSize: (neurons: number) => void = () => {},
): ChangeSpeed[] {
  return sizes.flatMap((neurons) => {
    onSize(neurons);
    using arena = kernels.openArena();
    const pattern = squarePattern(neurons, EPSILON);
    const data = new Float32Array(pattern.indices.length);
    fillInitial(data, "he-uniform", neurons, neurons, randomStream(neurons, "weights"));
    const stored = { kind: "sparse", ...pattern, data, bias: new Float32Array(neurons) } as const;
    const layer = openLayer(stored, 1, arena) as SparseLayer;
    const last = {} as Record<MeasuredChange, FlopCount>;
    const change = (name: MeasuredChange, make: () => TopologyChange, fraction: number) => {
      let times = 0;
      return () => {
        last[name] = reportFlops(changeLayer(layer, make(), fraction, pattern, times++));
      };
    };
    // A new strategy for every run, because a strategy caches the union of earlier members.
    const disjoint = (fully: boolean) => () => disjointTopology({ fully });
    const distant = () => distanceTopology({ lambda: LAMBDA });
    const changes: Record<MeasuredChange, () => void> = {
      "SET update": change("SET update", () => setTopology().update!, RATES.update),
      "FD update": change("FD update", () => disjoint(true)().update!, RATES.update),
      RD: change("RD", () => disjoint(false)().reinitialize!, RATES.reinitialize),
      FD: change("FD", () => disjoint(true)().reinitialize!, RATES.reinitialize),
      Dist: change("Dist", () => distant().reinitialize!, RATES.reinitialize),
    };
    const measured = measure(changes, options);
    return (Object.keys(changes) as MeasuredChange[]).map((name) => ({
      neurons,
      nnz: data.length,
      change: name,
      ms: quartiles(measured[name].samples),
      flops: workFlops(last[name] ?? noFlops(), measured[name]),
      paperSeconds: paperSeconds(neurons, name),
    }));
  });
}

/** Makes one change as a training run does. */
function changeLayer(
  layer: SparseLayer,
  change: TopologyChange,
  fraction: number,
  predecessor: Pattern,
  times: number,
): ChangeReport {
  const { rows, columns, indptr, indices, weights } = layer;
  const report = changeTopology({
    layer: {
      layer: 1,
      layers: 4,
      shape: [rows, columns],
      indptr,
      indices,
      weights,
      state: layer.state.map((slot) => slot.weights),
    },
    change,
    fraction,
    predecessors: [predecessor],
    random: randomStream(times, "benchmark change"),
    draw: (values, random) => fillInitial(values, "he-uniform", columns, rows, random),
  });
  indexTranspose(layer);
  return report;
}

/** The operations of a change, counted as in training. */
export function reportFlops({ drawn, flops }: ChangeReport): FlopCount {
  return { ...noFlops(), topology: topologyFlops(drawn, "he-uniform").topology + flops };
}
