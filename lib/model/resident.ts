/**
 * The most recently used models, in kernel memory, so that a second call need not copy them again. Their
 * memory is bounded. It is freed when the model is garbage-collected.
 *
 * @module
 */
import type { Kernels } from "../kernels/mod.ts";
import type { OpenEnsemble } from "../prediction/mod.ts";
import type { Model } from "./model.ts";

/** The maximal kernel memory of all resident models together, in bytes. */
const MOST_BYTES = 256 * 2 ** 20;

/** A model's members in kernel memory, and the back end that the caller asked for. */
interface Resident {
  readonly kernels: Kernels | undefined;
  readonly ensemble: OpenEnsemble;
}

/** Entries by model. A WeakMap does not prevent the garbage collection of a model. */
const residents = new WeakMap<Model, Resident>();
/** The bytes of every open ensemble, in the order of their last use. */
const bytesOf = new Map<OpenEnsemble, number>();
/** Closes the ensembles of garbage-collected models. */
const forgotten = new FinalizationRegistry<OpenEnsemble>(close);

/**
 * Uses the members of a model in kernel memory. They are opened if no earlier call did.
 *
 * @param open Copies the members into kernel memory.
 */
export function useResident<Answer>(
  model: Model,
  kernels: Kernels | undefined,
  open: (model: Model, kernels: Kernels | undefined) => OpenEnsemble,
  use: (ensemble: OpenEnsemble) => Answer,
): Answer {
  const ensemble = openedBefore(model, kernels) ?? open(model, kernels);
  residents.set(model, { kernels, ensemble });
  if (!bytesOf.has(ensemble)) forgotten.register(model, ensemble);
  const bytes = bytesOf.get(ensemble) ?? sizeOf(ensemble);
  bytesOf.delete(ensemble);
  bytesOf.set(ensemble, bytes);
  try {
    return use(ensemble);
  } finally {
    closeOldest();
  }
}

/** The members that an earlier call opened with the same back end, if they are still open. */
function openedBefore(model: Model, kernels: Kernels | undefined): OpenEnsemble | null {
  const resident = residents.get(model);
  if (resident === undefined || !bytesOf.has(resident.ensemble)) return null;
  if (resident.kernels === kernels) return resident.ensemble;
  close(resident.ensemble);
  return null;
}

/** Closes the least recently used ensembles until the others are within the bound. */
function closeOldest(): void {
  let sum = 0;
  for (const bytes of bytesOf.values()) sum += bytes;
  for (const [ensemble, bytes] of bytesOf) {
    if (sum <= MOST_BYTES) return;
    sum -= bytes;
    close(ensemble);
  }
}

function close(ensemble: OpenEnsemble): void {
  bytesOf.delete(ensemble);
  ensemble.dispose();
}

/** The bytes of weights, indices and activations. */
function sizeOf({ networks }: OpenEnsemble): number {
  return networks.reduce((sum, { network, workspace }) => {
    const arrays = [
      workspace.input,
      ...workspace.outputs,
      ...network.layers.flatMap((layer) =>
        layer.kind === "sparse" ? [layer.weights, layer.indices, layer.indptr] : [layer.weights]
      ),
    ];
    return sum + arrays.reduce((bytes, array) => bytes + array.byteLength, 0);
  }, 0);
}
