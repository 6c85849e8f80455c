/**
 * The table of docs/workers.md on importance pruning and All-ReLU, from the runs of results/importance_pruning.
 *
 * @module
 */
import { mean } from "../../../lib/statistics/mod.ts";
import { readText } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import type { Table } from "../code_tables.ts";
import { fixed } from "../records.ts";

/** A run of the study. */
export interface ImportanceRun {
  readonly dataset: string;
  readonly method: "set" | "importance";
  /** The slope of All-ReLU; 0 for ReLU. */
  readonly alpha: number;
  readonly seed: number;
  readonly accuracy: number;
  /** The connections at the end. */
  readonly weights: number;
  /** Processor seconds of the whole run. */
  readonly seconds: number;
}

/** The runs of the study. */
export function importanceRuns(): ImportanceRun[] {
  const path = `${ROOT}results/importance_pruning/runs.csv`;
  const [head, ...lines] = readText(path).trim().split("\n").map((line) => line.split(","));
  return lines.map((cells) => {
    const own = Object.fromEntries(head.map((name, c) => [name, cells[c]]));
    return {
      dataset: own.dataset,
      method: own.method as ImportanceRun["method"],
      alpha: own.activation === "relu" ? 0 : Number(own.alpha),
      seed: Number(own.seed),
      accuracy: Number(own.accuracy),
      weights: Number(own.weights),
      seconds: Number(own["seconds.cpu"]),
    };
  });
}

/** The data sets by the names of the page. */
export const SETS: Readonly<Record<string, string>> = {
  "higgs-subset": "HIGGS",
  bioresponse: "Bioresponse",
};

/** The runs of one row of the table. */
export function importanceRunsOf(
  runs: readonly ImportanceRun[],
  dataset: string,
  method: ImportanceRun["method"],
  alpha: number,
): ImportanceRun[] {
  return runs.filter((run) =>
    run.dataset === dataset && run.method === method && run.alpha === alpha
  );
}

/** The slopes of the study; 0 is ReLU. */
export const SLOPES = [0, 0.05, 0.5];

/** A row for every data set and activation: SET, and SET with importance pruning, means over the seeds. */
export function importanceTable(): Table {
  const runs = importanceRuns();
  return [
    [
      "data",
      "activation",
      "SET, %",
      "seeds",
      "weights",
      "s",
      "pruned, %",
      "seeds",
      "weights",
      "s",
    ],
    ...Object.entries(SETS).flatMap(([dataset, name]) =>
      SLOPES.map((alpha, place) => [
        place === 0 ? name : "",
        alpha === 0 ? "ReLU" : `All-ReLU, ${alpha}`,
        ...(["set", "importance"] as const).flatMap((method) => {
          const own = importanceRunsOf(runs, dataset, method, alpha);
          const all = own.map(({ accuracy }) => 100 * accuracy);
          return [
            fixed(mean(all), 1),
            `${fixed(Math.min(...all), 1)} to ${fixed(Math.max(...all), 1)}`,
            Math.round(mean(own.map(({ weights }) => weights))).toLocaleString("en"),
            fixed(mean(own.map(({ seconds }) => seconds)), 1),
          ];
        }),
      ])
    ),
  ];
}
