/**
 * An experiment of the paper: its runs, its measurements, and a report that depends only on their records.
 */
import type { MethodName } from "../../methods/mod.ts";
import type { RunConfig, RunRecord } from "../run/mod.ts";
import type { MarkdownReport } from "../../reports/mod.ts";
import type { DenseReference } from "./dense_reference.ts";
import type { WorkLog } from "./work_log.ts";

/** The experiments, in the order of the paper. */
export const EXPERIMENTS = [
  "table1",
  "table2",
  "table3",
  "table4",
  "table5",
  "fig2",
  "fig3",
  "fig4",
] as const;

/** Experiments on work that the paper builds on. They take long, and "all" does not include them. */
export const FURTHER_EXPERIMENTS = ["million"] as const;

/** The name of an experiment. */
export type ExperimentName =
  | typeof EXPERIMENTS[number]
  | typeof FURTHER_EXPERIMENTS[number];

/** The choices of an experiment. Every experiment reads the choices that concern it. */
export interface Selection {
  /** Data sets of the catalogue, or built-in ones. */
  readonly datasets: readonly string[];
  /** Seeds. Every configuration has one run per seed. */
  readonly seeds: readonly number[];
  /** ε: density controls of the sparse methods. */
  readonly epsilons: readonly number[];
  readonly methods: readonly MethodName[];
  /** `true`: tiny settings that only test the program, and reproduce nothing. */
  readonly quick: boolean;
}

/** A run of an experiment: a line of `runs.jsonl`. */
export interface RunLine {
  readonly hash: string;
  readonly config: RunConfig;
  readonly record: RunRecord;
}

/** A run that ended without a record. */
export interface FailedRun {
  readonly hash: string;
  readonly config: RunConfig;
  /** The reason, in one sentence. */
  readonly reason: string;
}

/** The records that a report depends on. */
export interface Evidence {
  readonly selection: Selection;
  /** The dense networks with which sizes are compared, by data set. */
  readonly dense: Readonly<Record<string, DenseReference>>;
  /** The finished runs of the selection. */
  readonly runs: readonly RunLine[];
  readonly failed: readonly FailedRun[];
  /** The experiment's own measurements, by name. */
  readonly measured: Readonly<Record<string, unknown>>;
}

/** The context of a measurement. */
export interface MeasureContext {
  readonly selection: Selection;
  readonly log: WorkLog;
  /** Returns the folder of a run, or `null` if it is not finished. */
  readonly runFolder: (config: RunConfig) => string | null;
  readonly onProgress: (what: string) => void;
  /** Asks to stop. Results in the log are kept. */
  readonly signal: AbortSignal | undefined;
}

/** An experiment. */
export interface Experiment {
  readonly name: ExperimentName;
  /** The default choices. */
  readonly defaults: Omit<Selection, "quick">;
  /** The parts of a selection that it reads. */
  readonly options: readonly Exclude<keyof Selection, "quick">[];
  /** The parts of a selection that may have only one value. */
  readonly one?: readonly ("seeds" | "epsilons")[];
  /** `true` if all data sets share one report. Otherwise each has its own. */
  readonly together: boolean;
  readonly configs: (selection: Selection) => RunConfig[];
  /** The single dense networks that sizes are compared with, by data set. */
  readonly denseRuns?: (selection: Selection) => Readonly<Record<string, RunConfig>>;
  readonly measurements?: (selection: Selection) => string[];
  /** Makes the measurements that are not in the runs' records, and keeps them in the log. */
  readonly measure?: (context: MeasureContext) => Promise<void>;
  /** Computes the report. Depends on its argument alone. */
  readonly report: (evidence: Evidence) => MarkdownReport;
}
