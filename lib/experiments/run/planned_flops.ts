import { requireInteger } from "../../messages.ts";
import {
  addFlops,
  type FlopCount,
  type LayerSize,
  layerSizeOf,
  memberWeightingFlops,
  noFlops,
  repulsionFlops,
  softTargetFlops,
  totalFlops,
  trainingStepFlops,
  trialFlops,
  validationFlops,
} from "../../counters/mod.ts";
import { methodOf } from "../../methods/mod.ts";
import {
  epochsInTurn,
  epochsOfTrials,
  optimizerOf,
  type Settings,
  settingsForRows,
  teamworkOf,
  trialMembers,
} from "../../settings/mod.ts";
import {
  freshLayers,
  inheritedLayers,
  MIXTURE_PARTS,
  settingsOfMember,
} from "../../ensemble/mod.ts";
import type { Member } from "../../nn/mod.ts";
import { batchesPerEpoch } from "../../training/mod.ts";

/** The size of a training table. */
export interface TableSize {
  /**
   * The number of rows of the table. The rows that the settings hold out for validation are subtracted from
   * it.
   */
  readonly rows: number;
  /** Feature columns that are used. */
  readonly columns: number;
  /** The number of classes; 1 if a number is predicted. */
  readonly classes: number;
}

/** The operations that a run will count. */
export interface PlannedFlops {
  /** The number of training rows. */
  readonly trainingRows: number;
  /** Stored weights of the first network. */
  readonly weights: number;
  /** One step of the first network on a full batch. */
  readonly step: FlopCount;
  /** Steps of the whole run. */
  readonly steps: number;
  /** All operations by phase. Topology changes depend on chance and are 0 here. */
  readonly phases: FlopCount;
  /** The sum of the phases. */
  readonly counted: number;
}

/**
 * Counts the operations of a run without training: it draws the networks as the run would, and counts every
 * step. A run with a fixed topology counts exactly the same number. A run whose topology changes also
 * counts the changes. If a method removes connections over time, or moves them between layers, the initial
 * connections are counted. If trials choose among candidates of different sizes, the first one is counted.
 *
 * @throws {RangeError} If a size is not a positive integer, there are fewer than two classes, or the
 * settings request a distillation or several workers.
 *
 * @example Usage
 * ```ts
 * import { completeSettings } from "@sparsemble/sparsemble";
 * import { plannedFlops } from "@sparsemble/sparsemble/experiments";
 * import { totalFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * // The paper's dense network on Gesture Phase: one step of a batch of 128.
 * const settings = completeSettings({ method: "dense", hidden: [1000, 1000, 1000] });
 * const planned = plannedFlops(settings, { rows: 7898, columns: 50, classes: 5 });
 * assert.equal(totalFlops(planned.step), 1_585_118_781);
 * ```
 */
export function plannedFlops(given: Settings, table: TableSize): PlannedFlops {
  if (given.distil) {
    throw new RangeError(
      'Cannot plan operations: found setting "distil" true, need the settings of an ensemble',
    );
  }
  if (teamworkOf(given) !== null) {
    throw new RangeError(
      `Cannot plan operations: found setting "workers" ${given.workers}, need 1`,
    );
  }
  checkSize(table, given.task === "regression" ? 1 : 2);
  const settings = settingsForRows(given, table.rows);
  const { batchSize, dropLastBatch, validationFraction } = settings;
  const { layers, members, topology, lineage, lesson, votes } = methodOf(settings);
  const trainingRows = table.rows - Math.round(table.rows * validationFraction);
  if (trainingRows < 1) throw new RangeError("Cannot count training: no rows are left to train on");
  const { columns, classes } = table;
  const trials = trialMembers(settings);

  const phases = noFlops();
  const sizesOf = (settings: Settings, replica: number) =>
    layers === "dense" && settings.embedding === "none"
      ? denseSizes([columns, ...settings.hidden, classes])
      : drawn(settings, replica).map(layerSizeOf);
  /** Earlier networks, from which later ones are derived. */
  const before: Member[] = [];
  const drawn = (settings: Settings, replica: number) => {
    // Pruning before the first step leaves about the number of connections with which a sparse network
    // begins.
    const first = topology.start ? undefined : topology;
    const network = inheritedLayers(settings, before) ??
      freshLayers(settings, columns, classes, replica, first);
    if (lineage !== undefined) {
      before.push({ layers: network, epoch: 0, validationAccuracy: null });
    }
    return network;
  };
  // The kind of a lesson does not depend on the earlier members' predictions.
  const targets = classes > 1 ? undefined : new Float32Array(1);
  const taught = lesson?.(
    { rows: 1, labels: new Int32Array(1), targets },
    [new Float32Array(classes).fill(1 / classes)],
    settings,
  );
  const stepOf = (settings: Settings, network: readonly LayerSize[], rows: number, member = 0) => {
    const own = member > 0 ? taught : undefined;
    const isWeighted = own?.weights !== undefined;
    const hasTeacher = own?.teacher !== undefined;
    const smooths = settings.labelSmoothing > 0 && !hasTeacher;
    const flops = trainingStepFlops(network, rows, optimizerOf(settings), smooths, isWeighted);
    if (hasTeacher) addFlops(flops, softTargetFlops(network, rows, isWeighted));
    if (own?.away !== undefined) addFlops(flops, repulsionFlops(network, rows));
    return flops;
  };

  let steps = 0;
  let weights: number | undefined;
  let step: FlopCount | undefined;
  const descendants = lineage === undefined ? 0 : settings.members * lineage.rounds(settings);
  const independent = lineage === undefined ? trials + settings.members : 1 + descendants;
  const networks = members === "sequential" ? 1 : independent;
  const ends = members === "sequential" ? settings.members : 1;
  const heldOut = table.rows - trainingRows;
  // The choice of the trials is not known, so the first candidate is counted.
  const [later] = trials === 0
    ? [settings.epochs]
    : epochsInTurn(settings, [0]) ?? [settings.epochs];
  const trialEpochs = epochsOfTrials(settings);
  const trialled: (readonly LayerSize[])[] = [];
  for (let member = 0; member < networks; member++) {
    const own = settingsOfMember(settings, member, [0]);
    const network = sizesOf(own, member);
    const epochs = lineage !== undefined && member === 0
      ? settings.explore
      : member < trials
      ? trialEpochs[member % trialEpochs.length]
      : later;
    weights ??= network.reduce((sum, { nnz }) => sum + nnz, 0);
    step ??= stepOf(own, network, batchSize);
    // For lessons, every member except the last predicts. For votes, all members predict.
    const scored = lesson === undefined || member === networks - 1 ? 0 : table.rows;
    const voting = votes === undefined ? 0 : trainingRows;
    if (scored + voting > 0) addFlops(phases, memberWeightingFlops(network, scored + voting));
    const learnsAll = trials > 0 && member >= trials;
    const rows = learnsAll ? table.rows : trainingRows;
    // Without held-out rows, a network is scored at the end of a member, on its training rows.
    const validation = learnsAll || heldOut === 0
      ? times(validationFlops(network, rows), ends)
      : times(validationFlops(network, heldOut), epochs);
    addFlops(phases, validation);
    if (member < trials) trialled.push(network);
    const batches = batchesPerEpoch(rows, batchSize, dropLastBatch);
    const last = Math.min(batchSize, rows - (batches - 1) * batchSize);
    addFlops(phases, times(stepOf(own, network, batchSize, member), epochs * (batches - 1)));
    addFlops(phases, times(stepOf(own, network, last, member), epochs));
    steps += epochs * batches;
  }
  if (trials > 0) addFlops(phases, trialFlops(trialled, settings.trials, MIXTURE_PARTS, heldOut));
  return {
    trainingRows,
    weights: weights!,
    step: step!,
    steps,
    phases,
    counted: totalFlops(phases),
  };
}

function checkSize(table: TableSize, leastClasses: number): void {
  for (const [name, size] of Object.entries(table)) {
    requireInteger("count training", size, name, name === "classes" ? leastClasses : 1);
  }
}

function denseSizes(sizes: readonly number[]): LayerSize[] {
  return sizes.slice(1).map((rows, l) => ({ rows, columns: sizes[l], nnz: rows * sizes[l] }));
}

function times(count: FlopCount, factor: number): FlopCount {
  const product = { ...count };
  for (const phase of Object.keys(product) as (keyof FlopCount)[]) product[phase] *= factor;
  return product;
}
