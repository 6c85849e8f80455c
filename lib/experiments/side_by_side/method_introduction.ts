import { plural } from "../../messages.ts";
import { methodNamed } from "../../methods/mod.ts";
import { machineOf, machinesOf } from "./contenders.ts";
import type { MethodRun } from "./method_run.ts";
import { distinctRuns } from "./method_runs.ts";

/** The first paragraph of a report. It describes the runs, and explains the tables. */
export function methodIntroduction(timed: readonly MethodRun[], reference: string): string {
  const runs = distinctRuns(timed);
  const machines = machinesOf(timed);
  const machineText = (machine: string, place: number) => {
    const count = timed.filter((run) => machineOf(run) === machine).length;
    const name = machine === "" ? "not named by its runs" : machine;
    return `machine ${place + 1} (${name}) with ${plural(count, "run")}`;
  };
  const distinct = <Value>(values: readonly Value[]) => [...new Set(values)];
  const datasets = distinct(runs.map(({ dataset }) => dataset)).sort();
  const methods = distinct(runs.map(({ method }) => method));
  const seeds = distinct(runs.map(({ seed }) => seed)).sort((a, b) => a - b);
  const kernels = distinct(runs.map(({ kernels }) => kernels)).sort();
  const back = runs.filter(({ rollbacks }) => rollbacks > 0).length;
  const dense = methods.filter((name) => methodNamed(name).layers === "dense");
  return [
    `${plural(runs.length, "run")} of ${plural(methods.length, "method")} with the ` +
    `${runs[0].recipe} recipe on ${plural(datasets.length, "data set")} (${
      datasets.join(", ")
    }), ` +
    `seed${seeds.length === 1 ? "" : "s"} ${seeds.join(", ")}; kernels: ${kernels.join(", ")}.`,
    "For every seed all methods learn from the same rows and are tested on the same others.",
    "Methods stand side by side at equal weights: a total density is that of all members together, " +
    "so that an ensemble of four at 5 % has members of 1.25 %.",
    ...dense.length === 0
      ? []
      : ["Dense networks have all weights, and stand beside every density."],
    `Differences to ${reference} are means over the data sets that both have, of the seeds that both ` +
    `have; in brackets Student's 95 % interval over the data sets. p: Wilcoxon's signed-rank test, ` +
    `two-sided, adjusted after Holm for all methods at that density. Better and worse are shown ` +
    `where it is below 0.05; everything else is not shown.`,
    "In the log loss less is better.",
    `Costs are geometric means over the data sets shared with ${reference}, of the seeds that both ` +
    `have. Seconds and memory are those of runs that do not keep the positions they tried, where ` +
    `there are any; they hold for the machine they were taken on.`,
    ...machines.length === 1 ? [] : [
      `They are compared within a machine only, on every data set on the one with the most runs of ` +
      `both: ${
        machines.map(machineText).join("; ")
      }. A method that shares none with ${reference} has ` +
      `neither. Multiples from two machines may differ.`,
    ],
    "ITOP rate: the share of positions that a member ever connected. NNSTD: the mean topological " +
    "distance of the hidden layers of two members.",
    ...back === 0 ? [] : [`In ${plural(back, "run")} the loss exploded and training went back.`],
  ].join(" ");
}
