import type { LayerChange, LayerView } from "../../../lib/topology/strategy.ts";
import { tinySettings } from "../tiny_runs.ts";

/** The settings of a tiny run with SET. */
export const SET = tinySettings("set");

/** No seconds, for checkpoints. */
export const SECONDS = { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 };

/** Facts of a checkpoint that do not matter here. */
export const CONTEXT = { data: "", kernels: "wasm", seconds: SECONDS };

/** A change of a layer that changes nothing, with other parts. */
export const none = ({ layer }: LayerView, more: Partial<LayerChange> = {}): LayerChange => ({
  layer,
  remove: new Int32Array(0),
  grow: new Float64Array(0),
  ...more,
});

/** The first position of a layer without a connection. */
export function freePosition({ indptr, indices, shape: [, columns] }: LayerView): number {
  const first = new Set(indices.subarray(0, indptr[1]));
  return Array.from({ length: columns }, (_, i) => i).find((i) => !first.has(i))!;
}
