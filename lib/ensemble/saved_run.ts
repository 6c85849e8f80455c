import type { PerWeight } from "../kernels/mod.ts";
import { methodOf } from "../methods/mod.ts";
import type { Network, StoredLayer } from "../nn/mod.ts";
import type { Settings } from "../settings/mod.ts";
import { blockSizeFor, blockSizeOf } from "../sparse/mod.ts";
import { batchesPerEpoch, memberSpan, phaseAt, type Schedule } from "../training/mod.ts";
import type { Problem } from "./problem.ts";
import type { Progress } from "./progress.ts";
import type { SavedStrategy } from "./strategy_memory.ts";
import { trialMembers } from "./trials.ts";

/** A saved state from which a run can be resumed. A checkpoint holds one. */
export interface SavedRun {
  /** The progress of the saved run. */
  readonly progress: Progress;
  /** The network in training. */
  readonly layers: readonly StoredLayer[];
  /** Per layer and slot, the optimiser's state. */
  readonly state: readonly (readonly PerWeight[])[];
  /** The memory and arrays of the strategy. Left out: it has none. */
  readonly strategy?: SavedStrategy | undefined;
}

/**
 * Checks that a saved run is one of this problem and these settings. The kernels do not check their arrays:
 * a network of other widths would make them read and write beyond the end of an array.
 *
 * @throws {RangeError} If a network or the place in the schedule is another.
 */
export function checkSavedRun(
  { progress, layers }: SavedRun,
  problem: Problem,
  settings: Settings,
  schedule: Schedule,
): void {
  const { epoch, batch, step, members, best } = progress;
  const check = (what: string, found: number, least: number, most = least) => {
    if (Number.isSafeInteger(found) && found >= least && found <= most) return;
    const need = least === most ? most : `${least} to ${most}`;
    throw new RangeError(`Cannot resume the run: found ${what} ${found}, need ${need}`);
  };
  check("epoch", epoch, 0, schedule.epochs);
  const { training, validation } = problem;
  const batchesOf = (rows: number) =>
    batchesPerEpoch(rows, settings.batchSize, settings.dropLastBatch);
  const [some, all] = [training.rows, training.rows + (validation?.rows ?? 0)].map(batchesOf);
  // After the trials, an epoch has the held-out rows too.
  const trials = trialMembers(settings);
  const from = trials === 0 ? schedule.epochs : memberSpan(schedule, trials).from;
  const before = Math.min(epoch, from);
  const ended = epoch === schedule.epochs;
  check("batch", batch, 0, ended ? 0 : epoch < from ? some : all);
  check("step", step, before * some + (epoch - before) * all + batch);
  // At the end, the trial members of the candidates that were not chosen are gone.
  const finished = ended ? schedule.members : phaseAt(schedule, epoch).member;
  check("finished members", members.length, ended ? 1 : finished, finished);
  check("best networks", best === null ? 0 : 1, 0, settings.memberSelection === "best" ? 1 : 0);

  const sizes = [...settings.hidden, problem.classes];
  const embedded = settings.embedding === "none" ? 0 : 1;
  const kind = methodOf(settings).layers;
  const wanted = settings.blockSize ?? 1;
  // The width of an embedding follows from the frequencies of a candidate.
  const fits = (layer: StoredLayer, l: number) =>
    l < embedded
      ? layer.kind === "sparse" && layer.activation === "sine"
      : layer.kind === kind && layer.shape[0] === sizes[l - embedded] && !("activation" in layer) &&
        (layer.kind === "dense" || blockSizeOf(layer) === blockSizeFor(layer.shape[0], wanted));
  for (const network of [...members, ...best === null ? [] : [best], { layers }]) {
    check("layers", network.layers.length, embedded + sizes.length);
    check("inputs", network.layers[0].shape[1], training.columns);
    if (network.layers.every(fits)) continue;
    const shapes = network.layers.map((layer) => {
      const blocks = layer.kind === "sparse" ? blockSizeOf(layer) : 1;
      return `${layer.kind} ${layer.shape.join(" × ")}${
        blocks > 1 ? ` in blocks of ${blocks}` : ""
      }`;
    });
    throw new RangeError(
      `Cannot resume the run: found layers ${shapes.join(", ")}, need ` +
        `${embedded === 1 ? "an embedding and " : ""}${kind} ones of ${sizes.join(", ")} neurons` +
        (wanted === 1 ? "" : ` in blocks of up to ${wanted}`),
    );
  }
}

/** Writes saved optimiser state into a network. */
export function restoreState(network: Network, state: SavedRun["state"]): void {
  network.layers.forEach((layer, l) =>
    layer.state.forEach((slot, s) => {
      slot.weights.set(state[l][s].weights);
      slot.bias.set(state[l][s].bias);
    })
  );
}
