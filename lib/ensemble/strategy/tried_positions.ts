/**
 * The positions of a network that were ever connected. S. Liu et al., "Do we actually need dense
 * over-parameterization? In-time over-parameterization in sparse training", ICML 2021,
 * https://arxiv.org/abs/2102.02887, call their share the ITOP rate. They are stored as patterns, whose
 * memory is proportional to their number.
 *
 * @module
 */
import { mayChange, type SparseLayer } from "../../nn/mod.ts";
import { type Pattern, unionOfPatterns } from "../../sparse/mod.ts";
import type { TrainingRun } from "../training_run.ts";

type Explorer = Pick<TrainingRun, "settings" | "stage">;

/**
 * Adds the present connections of the network in training to those that it ever had, if `countTried` is
 * set.
 */
export function keepTried(run: Explorer): void {
  if (run.settings.countTried !== true) return;
  const { memory } = run.stage;
  const now = connectionsOf(run);
  memory.tried = memory.tried === null
    ? now.map(({ shape, indptr, indices }) => ({
      shape,
      indptr: indptr.slice(),
      indices: indices.slice(),
    }))
    : memory.tried.map((tried, i) => unionOfPatterns([tried, now[i]]));
}

/** Returns the share of positions that were ever connected; `undefined` if they are not counted. */
export function exploredShare(run: Explorer): number | undefined {
  if (run.settings.countTried !== true) return undefined;
  const layers = changingLayers(run);
  const tried = run.stage.memory.tried ?? connectionsOf(run);
  const cells = layers.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const connected = layers.reduce(
    (sum, { blockSize }, i) => sum + blockSize * tried[i].indices.length,
    0,
  );
  return cells === 0 ? undefined : connected / cells;
}

function connectionsOf(run: Explorer): Pattern[] {
  return changingLayers(run).map(({ rows, columns, blockSize, indptr, indices }) => ({
    shape: [rows / blockSize, columns],
    indptr,
    indices,
  }));
}

/** The layers that a strategy may change. */
function changingLayers({ stage: { network } }: Explorer): SparseLayer[] {
  return network.layers.filter((_, l) => mayChange(network, l)) as SparseLayer[];
}
