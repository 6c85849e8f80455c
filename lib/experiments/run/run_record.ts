import {
  memberNumbers,
  type Model,
  type RegressionScore,
  type Score,
  scoreMembers,
  scoreRegression,
  type StrategyOrigin,
} from "../../model/mod.ts";
import {
  countHardware,
  type FlopCount,
  type HardwareCount,
  totalFlops,
  type WorkSeconds,
} from "../../counters/mod.ts";
import type { Dataset } from "../../data/table/mod.ts";
import { droppedColumns, type TargetScaling } from "../../data/preprocessing/mod.ts";
import type {
  ClassAssessment,
  Coverage,
  NumberAssessment,
  ProbabilityScores,
  RegressionErrors,
} from "../../prediction/mod.ts";
import {
  keptMembers,
  type Rollback,
  type Staleness,
  type TrainingRun,
  type Trials,
  trialsOf,
} from "../../ensemble/mod.ts";
import { type Teamwork, teamworkOf } from "../../settings/mod.ts";
import type { Kernels } from "../../kernels/mod.ts";
import type { Member, StoredLayer } from "../../nn/mod.ts";
import { node } from "../../node.ts";
import { blockSizeOf } from "../../sparse/mod.ts";
import type { FlopMeter, TrainingHardwareCount } from "./flop_meter.ts";

/** The result of a run: its `record.json`. Accuracies are from 0 to 1. */
export interface RunRecord {
  /** The topology strategy, if it was not the one of the configuration's method. */
  readonly strategy?: StrategyOrigin | undefined;
  /** The ensemble's accuracy on the test rows; `null` without test rows, and if numbers are predicted. */
  readonly accuracy: number | null;
  /**
   * The scores of the ensemble's probabilities on the test rows; `null` without test rows. Left out for
   * predicted numbers, and in older records.
   */
  readonly probabilities?: ProbabilityScores | null | undefined;
  /** The ensemble's errors on the test rows, if numbers are predicted. Left out for classifiers. */
  readonly regression?: RegressionErrors | null | undefined;
  /**
   * The comparison of the predictions with the truth of the test rows; `null` without test rows. Left out
   * in older records.
   */
  readonly assessment?: ClassAssessment | NumberAssessment | null | undefined;
  /** The share of test rows whose truth is in the interval or class set. Left out: the run has neither. */
  readonly coverage?: Coverage | undefined;
  /** Number of test rows. */
  readonly testRows: number;
  /** `true` if rows have weights; then all scores are weighted. Left out: rows have no weights. */
  readonly weighted?: boolean | undefined;
  /** The results of each member alone. */
  readonly members: readonly {
    /** Its place in the order of training, from 1, including trials. Left out in older records. */
    readonly number?: number | undefined;
    readonly accuracy: number | null;
    readonly validationAccuracy: number | null;
    /** The errors on the test rows. Left out of classifiers. */
    readonly regression?: RegressionErrors | null | undefined;
    /** The root of the mean squared error on validation rows. Left out for classifiers. */
    readonly validationRmse?: number | null | undefined;
    readonly epoch: number;
    readonly nnz: number;
    /** The share of positions that it ever connected: its ITOP rate. Left out: the run does not count it. */
    readonly explored?: number | undefined;
  }[];
  /** The trials. Left out if there were none, and in older records. */
  readonly trials?: Trials | undefined;
  /** Stored weights of all members, without biases. */
  readonly weights: number;
  /** Stored weights as a share of the weights that dense layers of the same sizes have. */
  readonly density: number;
  /** Floating-point operations of training. */
  readonly flops: TrainingHardwareCount & {
    /** The exact count of training. */
    readonly counted: number;
    /** The exact count by phase. Older records do not count validation. */
    readonly phases: Omit<FlopCount, "validation"> & Partial<FlopCount>;
    /** The exact count by member; the first includes exploration. */
    readonly members: readonly number[];
    /** Counted operations per second of training, including validation if it is counted. */
    readonly perSecond: number;
    /** The operations of scoring the test rows with all members; `null` without test rows. */
    readonly evaluation:
      | HardwareCount & {
        /** The exact count. */
        readonly counted: number;
        /** Counted operations per second. The time includes preprocessing. */
        readonly perSecond: number;
      }
      | null;
  };
  /** The divergences after which training went back with half the learning rate. */
  readonly rollbacks: readonly Rollback[];
  /** Seconds of all processes that worked on the run. Work that was lost does not count. */
  readonly seconds: WorkSeconds & {
    readonly total: number;
    /**
     * Processor seconds of all threads, including reading and scoring. On a shared machine they measure the
     * cost of a run better than elapsed time.
     */
    readonly cpu: number;
  };
  /**
   * The largest resident memory of the process at the end of an epoch, after a checkpoint or after the
   * test. The system's peak value cannot be used, because a process inherits the peak of its parent.
   */
  readonly peakMemoryBytes: number;
  /** The back end. */
  readonly kernels: string;
  /**
   * The kernels with their instructions, the number of computing threads, and the name of the processor.
   * For a resumed run they describe the last process. Left out in older records. The processor is left
   * out without `--allow-sys=cpus`.
   */
  readonly execution?: {
    readonly kernels: string;
    readonly threads: number;
    readonly processor?: string | undefined;
  } | undefined;
  /** The workers that trained each network together. Left out: one did. */
  readonly team?: TeamRecord | undefined;
  /**
   * G of every layer of the first member: neighbouring output neurons that share their inputs. Left out in
   * older records, in which it is 1.
   */
  readonly blockSizes?: readonly number[] | undefined;
  /**
   * The mean topological distance of the members' hidden layers, over all pairs of members. Left out: the
   * run does not measure it, or has one member.
   */
  readonly nnstd?: number | undefined;
  /** The seed. */
  readonly seed: number;
  /** Columns that were constant in the training rows and are not used. */
  readonly droppedColumns: readonly string[];
}

/** The workers of a run. */
export interface TeamRecord {
  /** The number of workers. */
  readonly count: number;
  /** The exchange of gradients. */
  readonly exchange: Teamwork["exchange"];
  /** `true` if a repetition of the run gives the same bytes. */
  readonly repeatable: boolean;
  /** The age of the gradients of all epochs with an exchange. Left out for a synchronous exchange. */
  readonly staleness?: Staleness | undefined;
}

/**
 * The name that the processor gives itself; `undefined` if it gives none, or without `--allow-sys=cpus`.
 * It never asks for a permission. It names a kind of machine, not one machine.
 */
export function processorName(): string | undefined {
  if (Deno.permissions.querySync({ name: "sys", kind: "cpus" }).state !== "granted") {
    return undefined;
  }
  const name = node.os.cpus()[0]?.model.trim() ?? "";
  return name === "" ? undefined : name;
}

/** The number of weights that a layer stores. */
export function storedWeights(layer: StoredLayer): number {
  return layer.kind === "sparse" ? layer.data.length : layer.weights.length;
}

/** Scores a finished run on the test rows and gathers its record. */
export function recordRun(
  run: TrainingRun,
  model: Model,
  test: Dataset | null,
  spent: { total(): number; cpu(): number },
  meter: Pick<FlopMeter, "counter" | "count">,
  peakMemoryBytes: number,
  threads: number,
): RunRecord {
  const { stage: { network: { kernels } }, meters: { seconds } } = run;
  const scoring = performance.now();
  const { result: score, count } = countHardware(
    meter.counter(),
    () => test === null ? null : scoreOf(model, test, kernels),
  );
  const { targetScaling } = model;
  const errors = (own: RegressionErrors | undefined) => {
    if (own === undefined) return null;
    const { rmse, mae, r2 } = own;
    return { rmse, mae, r2 };
  };
  const scored = (performance.now() - scoring) / 1000;
  const weightsOf = (layers: readonly StoredLayer[]) =>
    layers.reduce((sum, layer) => sum + storedWeights(layer), 0);
  const weights = model.members.reduce((sum, { layers }) => sum + weightsOf(layers), 0);
  const possible = model.members.reduce(
    (sum, { layers }) => sum + layers.reduce((sum, { shape }) => sum + shape[0] * shape[1], 0),
    0,
  );
  const { flops } = run.progress;
  const numbers = memberNumbers(model);
  const { settings, stage: { trialScores }, problem: { validation } } = run;
  return {
    strategy: model.strategy,
    accuracy: score?.classes?.accuracy ?? null,
    probabilities: targetScaling === undefined ? probabilitiesOf(score?.classes) : undefined,
    regression: targetScaling === undefined ? undefined : errors(score?.numbers),
    assessment: score?.classes?.assessment ?? score?.numbers?.assessment ?? null,
    coverage: score?.classes?.coverage ?? score?.numbers?.coverage,
    testRows: test?.rows ?? 0,
    weighted: run.problem.training.weights === undefined ? undefined : true,
    members: model.members.map((member, m) => ({
      number: numbers[m],
      accuracy: score?.classes?.members[m] ?? null,
      validationAccuracy: member.validationAccuracy,
      regression: targetScaling === undefined ? undefined : errors(score?.numbers?.members[m]),
      validationRmse: targetScaling && rmseOf(member, targetScaling),
      epoch: member.epoch,
      nnz: weightsOf(member.layers),
      explored: run.progress.history.findLast((epoch) => epoch.member === numbers[m] - 1)?.explored,
    })),
    trials: trialsOf(settings, trialScores, validation?.rows ?? 0) ?? undefined,
    weights,
    density: weights / possible,
    flops: {
      counted: totalFlops(flops),
      ...meter.count(run),
      phases: flops,
      members: memberFlops(run),
      perSecond: totalFlops(flops) / (seconds.train + seconds.topology + seconds.evaluate),
      evaluation: score === null
        ? null
        : { counted: score.flops, ...count, perSecond: score.flops / scored },
    },
    rollbacks: run.progress.rollbacks,
    seconds: {
      train: seconds.train + seconds.topology,
      topology: seconds.topology,
      evaluate: seconds.evaluate + scored,
      total: spent.total(),
      cpu: spent.cpu(),
    },
    peakMemoryBytes: Math.max(peakMemoryBytes, Deno.memoryUsage().rss),
    kernels: kernels.name,
    execution: { kernels: kernels.description, threads, processor: processorName() },
    team: teamOf(run, threads),
    blockSizes: model.members[0].layers.map((it) => it.kind === "sparse" ? blockSizeOf(it) : 1),
    seed: run.settings.seed,
    droppedColumns: droppedColumns(model.preprocessing),
  };
}

/** The workers of a run; `undefined` if it had one. All epochs have equal weight. */
function teamOf({ settings, progress: { history } }: TrainingRun, threads: number) {
  const teamwork = teamworkOf(settings);
  if (teamwork === null) return undefined;
  const { workers: count, exchange } = teamwork;
  const ages = history.flatMap(({ staleness }) => staleness ?? []);
  if (ages.length === 0) return { count, exchange, repeatable: exchange === "synchronous" };
  const mean = (part: "mean" | "dropped") =>
    ages.reduce((sum, age) => sum + age[part], 0) / ages.length;
  const staleness: Staleness = {
    mean: mean("mean"),
    largest: Math.max(...ages.map(({ largest }) => largest)),
    dropped: mean("dropped"),
  };
  return { count, exchange, repeatable: threads === 1, staleness };
}

function rmseOf({ validationLoss }: Member, { deviation }: TargetScaling): number | null {
  return validationLoss === undefined ? null : deviation * Math.sqrt(validationLoss);
}

/** Scores a model of either kind. */
function scoreOf(
  model: Model,
  test: Dataset,
  kernels: Kernels,
): { flops: number; classes?: Score; numbers?: RegressionScore } {
  if (model.targetScaling === undefined) {
    const classes = scoreMembers(model, test, kernels);
    return { flops: classes.flops, classes };
  }
  const numbers = scoreRegression(model, test, kernels);
  return { flops: numbers.flops, numbers };
}

function probabilitiesOf(score: Score | undefined): ProbabilityScores | null {
  if (score === undefined) return null;
  const { logLoss, brier, calibrationError } = score;
  return { logLoss, brier, calibrationError };
}

/** The operations from the last epoch of one member to the last epoch of the next, for the kept members. */
function memberFlops({ progress, settings, schedule, stage }: TrainingRun): number[] {
  let before = 0;
  const own = Array.from({ length: schedule.members }, (_, member) => {
    const last = progress.history.findLast((epoch) => epoch.member === member);
    const until = member === schedule.members - 1
      ? totalFlops(progress.flops)
      : last?.flops ?? before;
    const flops = until - before;
    before = until;
    return flops;
  });
  const chosen = stage.trialScores[0]?.candidates ?? [];
  return keptMembers(settings, schedule.members, chosen).map((member) => own[member]);
}
