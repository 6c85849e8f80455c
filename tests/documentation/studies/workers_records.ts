/**
 * The tables of docs/workers.md, from the runs of results/workers.
 *
 * @module
 */
import { mean } from "../../../lib/statistics/mod.ts";
import { readJsonFile, readText } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import type { Table } from "../code_tables.ts";
import { fixed } from "../records.ts";

/** A run by the names of its columns. */
export type WorkersRun = Readonly<Record<string, string>>;

/** The runs of the study. */
export function workersRuns(): WorkersRun[] {
  const [head, ...lines] = readText(`${ROOT}results/workers/accuracy.csv`).trim().split("\n")
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

/** The runs of the study that diverged, by workers and exchange. */
export function failuresOf(workers: number, exchange: string): WorkersRun[] {
  return readText(`${ROOT}results/workers/failed.jsonl`).trim().split("\n")
    .map((line) => JSON.parse(line))
    .filter((run) => run.workers === workers && run.exchange === exchange);
}

/** The mean accuracy of runs, in points of a hundred. */
export function accuracyOf(runs: readonly WorkersRun[]): number {
  return 100 * mean(runs.map(({ accuracy }) => Number(accuracy)));
}

const EXCHANGES = ["synchronous", "asynchronous"];

/** A row for every number of workers and exchange: means over the seeds. */
export function workersAccuracyTable(): Table {
  const runs = workersRuns();
  const row = (workers: number, exchange = "", apart = "") => {
    const own = runsOf(runs, workers, exchange, apart);
    const failed = failuresOf(workers, exchange).length;
    if (failed > 0) return [`${workers}`, exchange, "diverged", `${failed} of 3`, "", ""];
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
    ...[2, 8].map((workers) => row(workers, "asynchronous", "0")),
  ];
}

/** The processor time of the parts of a step, in milliseconds, for layers of some width. */
export interface WorkersCosts {
  readonly width: number;
  readonly parameters: number;
  readonly milliseconds: Readonly<Record<"gradient" | "copy" | "add" | "update", number>>;
}

/** The costs of steps. */
export function workersCosts(): WorkersCosts[] {
  return readJsonFile(`${ROOT}results/workers/costs.json`).networks;
}

/**
 * How many times the rows of one worker K workers can train in the same time, each with a processor of its own
 * and the master with another, as the parts of a step allow.
 */
export function speedUp(
  { milliseconds: { gradient, copy, add, update } }: WorkersCosts,
  workers: number,
  exchange: "synchronous" | "asynchronous",
): number {
  const step = gradient + update;
  const alone = gradient + 2 * copy;
  if (exchange === "synchronous") {
    return workers * step / (workers * (copy + add) + alone + update);
  }
  // The master copies the weights out and the gradient in, and updates. Workers wait where it is busy.
  return step * Math.min(workers / alone, 1 / (2 * copy + update));
}

/** A row for every width and exchange. */
export function workersCostTable(): Table {
  return [
    [
      "hidden neurons",
      "step, ms",
      "gradient, ms",
      "exchange",
      "2 workers",
      "8 workers",
      "32 workers",
    ],
    ...workersCosts().flatMap((costs) =>
      (["synchronous", "asynchronous"] as const).map((exchange, e) => [
        e === 0 ? `3 × ${costs.width}` : "",
        e === 0 ? fixed(costs.milliseconds.gradient, 2) : "",
        e === 0 ? fixed(costs.milliseconds.update, 2) : "",
        exchange,
        ...[2, 8, 32].map((workers) => fixed(speedUp(costs, workers, exchange), 1)),
      ])
    ),
  ];
}
