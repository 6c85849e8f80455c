/**
 * The table of docs/methods.md with the costs of growth, from the runs of results/growth.
 *
 * @module
 */
import { median } from "../../../lib/statistics/mod.ts";
import { readText } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import type { Table } from "../code_tables.ts";
import { fixed } from "../records.ts";

const HEAD = [
  "hidden neurons",
  "growth",
  "processor seconds of the run",
  "operations of topology changes",
  "largest memory, MB",
];

/** A row for every size and kind of growth: medians over the seeds. */
export function growthTable(): Table {
  const [head, ...lines] = readText(`${ROOT}results/growth/runs.csv`).trim().split("\n")
    .map((line) =>
      line.match(/("[^"]*"|[^,]*)(?:,|$)/g)!.map((cell) => cell.replaceAll(/,$|"/g, ""))
    );
  const runs = lines.map((cells) => Object.fromEntries(head.map((name, c) => [name, cells[c]])));
  const kinds = [
    ["random", "5"],
    ["sampled-gradient", "5"],
    ["sampled-gradient", "100"],
    ["gradient", ""],
  ];
  const rows = ["1000,1000,1000", "3000,3000,3000"].flatMap((hidden) =>
    kinds.map(([growth, candidates], k) => {
      const own = runs.filter((run) =>
        run.hidden === hidden && run.growth === growth && run.growthCandidates === candidates
      );
      const of = (name: string) => median(own.map((run) => Number(run[name])));
      return [
        k > 0 ? "" : `3 × ${hidden.split(",")[0]}`,
        `\`${growth}\`` + (growth === "sampled-gradient" ? `, ${candidates}` : ""),
        fixed(of("seconds.cpu"), 1),
        of("flops.phases.topology").toExponential(1).replace("e+", "e"),
        fixed(of("peakMemoryBytes") / 1e6, 0),
      ];
    })
  );
  return [HEAD, ...rows];
}
