/**
 * Topology changes of a whole network, layer by layer.
 *
 * @module
 */
import { addFlops, strengthFlops, topologyFlops } from "../counters/mod.ts";
import type { FloatArray } from "../kernels/mod.ts";
import { fillInitial, indexTranspose, type SparseLayer } from "../nn/mod.ts";
import { type Random, randomStream } from "../random.ts";
import type { Settings } from "../settings/mod.ts";
import { type ChangeRequest, changeTopology, type TopologyChange } from "../topology/mod.ts";
import { openMissingGradients } from "./missing_gradients.ts";
import type { TrainingEvent } from "./training_event.ts";
import type { TrainingRun } from "./training_run.ts";

/** Changes the topology of every sparse layer, except the output layer and an embedding. */
export function changeLayers(
  run: TrainingRun,
  kind: "update" | "reinitialize",
  change: TopologyChange,
  fraction: number,
): TrainingEvent[] {
  const { layers } = run.network;
  const { settings, progress } = run;
  using gradients = openMissingGradients(run);
  const events: TrainingEvent[] = [];
  const embedded = settings.embedding === "none" ? 0 : 1;
  layers.slice(0, -1).forEach((layer, l) => {
    if (layer.kind !== "sparse" || layer.activation !== undefined) return;
    const random = randomStream(settings.seed, "topology", progress.epoch, l);
    const { count: grown, drawn, notes } = changeTopology({
      // Strategies do not count an embedding.
      layer: topologyOf(layer, l - embedded, layers.length - embedded),
      change,
      fraction,
      predecessors: progress.members.map((member) => member.layers[l])
        .filter((stored) => stored.kind === "sparse"),
      random,
      draw: drawer(settings, layer),
      gradientAt: (positions) => gradients.at(l, positions),
    });
    if (grown > 0) indexTranspose(layer);
    const candidates = typeof notes.iterations === "number" ? notes.iterations : 0;
    if (settings.growth === "strength" && grown > 0) {
      addFlops(progress.flops, strengthFlops(layer.indices.length));
    }
    if (drawn || candidates > 0) {
      addFlops(progress.flops, topologyFlops(grown, settings.initializer, candidates));
    }
    events.push({ type: "topology", kind, epoch: progress.epoch + 1, layer: l, grown, notes });
  });
  return events;
}

function topologyOf(layer: SparseLayer, number: number, layers: number): ChangeRequest["layer"] {
  const { rows, columns, indptr, indices, weights } = layer;
  const state = layer.state.map((slot) => slot.weights);
  return { layer: number, layers, shape: [rows, columns], indptr, indices, weights, state };
}

function drawer(
  settings: Settings,
  layer: SparseLayer,
): (values: FloatArray, random: Random) => void {
  const share = settings.fan === "sparse" ? layer.indices.length / (layer.rows * layer.columns) : 1;
  return (values, random) =>
    fillInitial(values, settings.initializer, layer.columns * share, layer.rows * share, random);
}
