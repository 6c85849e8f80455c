/** The costs of a contender as multiples of another's. */
import { mean, median } from "../../statistics/mod.ts";
import {
  machineOf,
  machinesOf,
  type MethodContender,
  sharedSplits,
  splitOf,
} from "./contenders.ts";
import type { MethodRun } from "./method_run.ts";

/** Costs as multiples of another contender's: geometric means over data sets. */
export interface RelativeCosts {
  /** Counted operations, over the data sets that both have; `null` if there is none. */
  readonly flops: number | null;
  /** Processor seconds, over the data sets that both have on one machine; `null` if there is none. */
  readonly seconds: number | null;
  /** Peak memory, over the same data sets as the seconds. */
  readonly memory: number | null;
  /** The machines of seconds and memory. */
  readonly machines: readonly string[];
}

/**
 * The costs of a contender's runs as multiples of those of a reference. Operations are the same on every
 * machine. Seconds and memory are compared within a machine, on every data set on the machine with the
 * most splits of both; with as many, on the first by name. A data set counts as one ratio of medians.
 */
export function relativeCosts(own: MethodContender, reference: MethodContender): RelativeCosts {
  const splits = sharedSplits([own, reference]);
  const datasets = new Set(
    own.runs.filter((run) => splits.has(splitOf(run))).map(({ dataset }) => dataset),
  );
  const pairsOf = (key: "all" | "timed") =>
    Array.from(datasets, (name): Pair => {
      const isHere = (run: MethodRun) => run.dataset === name && splits.has(splitOf(run));
      return [own[key].filter(isHere), reference[key].filter(isHere)];
    });
  const timed = pairsOf("timed").map(onOneMachine).filter((pair) => pair !== null);
  const ratio = (key: Cost, pairs: readonly Pair[]) =>
    pairs.length === 0 ? null : Math.exp(
      mean(pairs.map(([mine, other]) => Math.log(medianOf(key, mine) / medianOf(key, other)))),
    );
  return {
    flops: ratio("flops", pairsOf("all")),
    seconds: ratio("cpuSeconds", timed),
    memory: ratio("peakMemoryBytes", timed),
    machines: machinesOf(timed.flatMap(([mine]) => mine)),
  };
}

type Cost = "flops" | "cpuSeconds" | "peakMemoryBytes";
type Pair = readonly [mine: readonly MethodRun[], other: readonly MethodRun[]];

function medianOf(key: Cost, runs: readonly MethodRun[]): number {
  return median(runs.map((run) => run[key]));
}

/** The runs of both on the machine with the most splits of both; `null` if there is none. */
function onOneMachine([mine, other]: Pair): Pair | null {
  let most: { splits: number; pair: Pair } = { splits: 0, pair: [[], []] };
  for (const machine of machinesOf(mine)) {
    const here = [mine, other].map((runs) => runs.filter((run) => machineOf(run) === machine));
    const [a, b] = here.map((runs) => new Set(runs.map(splitOf)));
    const shared = a.intersection(b);
    if (shared.size <= most.splits) continue;
    const [ofMine, ofOther] = here.map((runs) =>
      plainRuns(runs.filter((run) => shared.has(splitOf(run))))
    );
    most = { splits: shared.size, pair: [ofMine, ofOther] };
  }
  return most.splits === 0 ? null : most.pair;
}

/** Runs that record the tried positions need additional time and memory, so plain runs are preferred. */
function plainRuns(runs: readonly MethodRun[]): readonly MethodRun[] {
  const plain = runs.filter(({ measured }) => !measured);
  return plain.length > 0 ? plain : runs;
}
