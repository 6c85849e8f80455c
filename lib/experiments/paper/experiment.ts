/**
 * What an experiment of the paper is: the runs it needs, what it measures itself, and a report that is
 * computed from their records alone.
 *
 * @module
 */
import type { MethodName } from "../../settings/mod.ts";
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

/** The name of an experiment. */
export type ExperimentName = typeof EXPERIMENTS[number];

/** What an experiment is to cover. Every experiment looks at those parts that concern it. */
export interface Selection {
  /** Data sets of the catalogue, or built-in ones. */
  readonly datasets: readonly string[];
  /** Seeds: one run of every configuration for each. */
  readonly seeds: readonly number[];
  /** ε: density controls of the sparse methods. */
  readonly epsilons: readonly number[];
  /** Methods. */
  readonly methods: readonly MethodName[];
  /** Tiny settings that try the machinery, and reproduce nothing. */
  readonly quick: boolean;
}

/** A run as an experiment reads it: a line of `runs.jsonl`. */
export interface RunLine {
  /** The configuration's hash. */
  readonly hash: string;
  /** The complete configuration. */
  readonly config: RunConfig;
  /** What came of it. */
  readonly record: RunRecord;
}

/** A run that ended without a record. */
export interface FailedRun {
  readonly hash: string;
  readonly config: RunConfig;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** All that a report is computed from. */
export interface Evidence {
  readonly selection: Selection;
  /** The dense networks that sizes are compared with, by data set. */
  readonly dense: Readonly<Record<string, DenseReference>>;
  /** The finished runs that the selection asks for. */
  readonly runs: readonly RunLine[];
  /** The failed ones. */
  readonly failed: readonly FailedRun[];
  /** What the experiment measured itself, by name. */
  readonly measured: Readonly<Record<string, unknown>>;
}

/** What an experiment needs to measure something itself. */
export interface MeasureContext {
  readonly selection: Selection;
  /** Where results are kept as they come. */
  readonly log: WorkLog;
  /** The folder of a finished run, or `null` where it is not finished. */
  readonly runFolder: (config: RunConfig) => string | null;
  /** Told what is done next. */
  readonly onProgress: (what: string) => void;
  /** Asks to stop; what is in the log is kept. */
  readonly signal: AbortSignal | undefined;
}

/** A measurement, and what it is called in the log and to the user. */
export interface Measurement {
  readonly name: string;
  readonly what: string;
  /** Gives `undefined` where it was asked to stop. */
  readonly measure: () => unknown;
}

/** Takes the measurements that the log does not hold, until it is asked to stop. */
export async function measureMissing(
  { log, onProgress, signal }: MeasureContext,
  measurements: Iterable<Measurement>,
): Promise<void> {
  for (const { name, what, measure } of measurements) {
    if (log.has(name)) continue;
    onProgress(what);
    await breathe();
    if (signal?.aborted) return;
    const value = await measure();
    if (value !== undefined) log.put(name, value);
  }
}

/** Lets the process answer signals. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** An experiment. */
export interface Experiment {
  readonly name: ExperimentName;
  /** What it covers unless told otherwise. */
  readonly defaults: Omit<Selection, "quick">;
  /** Which parts of a selection it looks at. */
  readonly options: readonly Exclude<keyof Selection, "quick">[];
  /** Those of which it takes one value only. */
  readonly one?: readonly ("seeds" | "epsilons")[];
  /** Whether all its data sets share one report, or each has one of its own. */
  readonly together: boolean;
  /** The runs it needs. */
  readonly configs: (selection: Selection) => RunConfig[];
  /** The single dense networks that sizes are compared with, by data set. */
  readonly denseRuns?: (selection: Selection) => Readonly<Record<string, RunConfig>>;
  /** The names of what it measures itself. */
  readonly measurements?: (selection: Selection) => string[];
  /** Measures what no run's record holds, and keeps it in the log. What is there is not done again. */
  readonly measure?: (context: MeasureContext) => Promise<void>;
  /** Computes the report. Depends on its argument alone. */
  readonly report: (evidence: Evidence) => MarkdownReport;
}
