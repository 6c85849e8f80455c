import type { Kernels } from "../../kernels/mod.ts";
import { type Member, openNetwork, openWorkspace } from "../../nn/mod.ts";
import { activationOf, type Settings } from "../../settings/mod.ts";
import { addOutputs, type Rows } from "../../training/mod.ts";

/** Computes the outputs of a member on rows: rows × outputs, row by row. */
export function outputsOf(
  member: Member,
  { features, rows }: Rows,
  settings: Settings,
  kernels: Kernels,
): Float32Array {
  using network = openNetwork(kernels, member.layers, activationOf(settings), null);
  const workspace = openWorkspace(network, settings.batchSize, false);
  const outputs = new Float32Array(rows * network.layers[network.layers.length - 1].rows);
  addOutputs(network, workspace, features, rows, 1, outputs);
  return outputs;
}
