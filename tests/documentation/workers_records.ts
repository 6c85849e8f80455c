/**
 * The tables of docs/workers.md, from the runs of results/workers.
 *
 * @module
 */
import { mean, median } from "../../lib/statistics/mod.ts";
import { readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import type { Table } from "./code_tables.ts";
import { fixed } from "./records.ts";

/** A run by the names of its columns. */
export type WorkersRun = Readonly<Record<string, string>>;

/** The runs of a file of results/workers. */
export function workersRuns(file: "accuracy.csv" | "speed-1.csv" | "speed-2.csv"): WorkersRun[] {
  const [head, ...lines] = readText(`${ROOT}results/workers/${file}`).trim().split("\n")
    .map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(head.map((name, c) => [name, cells[c]])));
}

/** The runs with some workers. */
export function runsOf(
  runs: readonly WorkersRun[],
  workers: number,
  exchange = "",
  apart = "",
): WorkersRun[] {
  return runs.filter((run) =>
    Number(run.workers) === workers && run.exchange === exchange && run.apart === apart
  );
}

/** The mean accuracy of runs, in points of a hundred. */
export function accuracyOf(runs: readonly WorkersRun[]): number {
  return 100 * mean(runs.map(({ accuracy }) => Number(accuracy)));
}

const EXCHANGES = ["synchronous", "asynchronous"];

/** A row for every number of workers and exchange: means over the seeds. */
export function workersAccuracyTable(): Table {
  const runs = workersRuns("accuracy.csv");
  const row = (workers: number, exchange = "", apart = "") => {
    const own = runsOf(runs, workers, exchange, apart);
    const all = own.map(({ accuracy }) => 100 * Number(accuracy));
    const age = (name: string) => mean(own.map((run) => Number(run[`team.staleness.${name}`])));
    const isStale = exchange === "asynchronous";
    return [
      `${workers}`,
      exchange + (apart === "0" ? ", never apart" : ""),
      fixed(accuracyOf(own), 1),
      `${fixed(Math.min(...all), 1)} to ${fixed(Math.max(...all), 1)}`,
      isStale ? fixed(age("mean"), 1) : "",
      isStale ? `${fixed(100 * age("dropped"), 2)} %` : "",
    ];
  };
  return [
    ["workers", "exchange", "accuracy, %", "seeds", "mean staleness", "dropped"],
    row(1),
    ...EXCHANGES.flatMap((exchange) => [2, 8, 32].map((workers) => row(workers, exchange))),
    ...EXCHANGES.map((exchange) => row(8, exchange, "0")),
  ];
}

const SPEEDS = [
  ["one worker", 1, "", ""],
  ["two, synchronous", 2, "synchronous", "0"],
  ["two, asynchronous", 2, "asynchronous", "0"],
  ["two, apart after the first epoch", 2, "synchronous", "0.75"],
] as const;

/** The median seconds of training of one row of {@linkcode workersSpeedTable}, on some threads. */
export function secondsOf(row: number, threads: 1 | 2): number {
  const [, workers, exchange, apart] = SPEEDS[row];
  const own = runsOf(workersRuns(`speed-${threads}.csv`), workers, exchange, apart);
  return median(own.map((run) => Number(run["seconds.train"])));
}

/** A row for every division of the work: medians over the seeds. */
export function workersSpeedTable(): Table {
  return [
    [
      "workers",
      "one thread, s",
      "two threads, s",
      "times as fast",
      "against one worker, one thread",
    ],
    ...SPEEDS.map(([name], row) => {
      const [one, two] = [secondsOf(row, 1), secondsOf(row, 2)];
      return [
        name,
        fixed(one, 1),
        fixed(two, 1),
        fixed(one / two, 2),
        fixed(secondsOf(0, 1) / two, 2),
      ];
    }),
  ];
}
