/**
 * The contenders at a total density: single networks and ensembles that store the same number of weights.
 */
import { type Family, methodNamed } from "../../methods/mod.ts";
import type { ComparisonScore } from "../comparison/mod.ts";
import type { MethodRun } from "./method_run.ts";
import { distinctRuns } from "./method_runs.ts";

/** A method with its number of members and its settings. */
export interface MethodContender {
  /** Its name in the report. */
  readonly name: string;
  /** The family of the method. */
  readonly family: Family;
  /** Its runs, one for every data set and seed. */
  readonly runs: readonly MethodRun[];
  /** All of its runs, including repetitions with additional measurements. */
  readonly all: readonly MethodRun[];
  /** All of its runs, including repetitions on other machines. */
  readonly timed: readonly MethodRun[];
}

/** The total density of a run: the density of a member × the number of members; `null` for dense networks. */
export function totalDensity({ density, members }: MethodRun): number | null {
  return density === null ? null : Number((density * members).toPrecision(6));
}

/** The total densities of some runs, the densest first. */
export function totalDensities(runs: readonly MethodRun[]): number[] {
  return [...new Set(runs.flatMap((run) => totalDensity(run) ?? []))].sort((a, b) => b - a);
}

/** The contenders at a total density. Dense networks are included at every density. */
export function contendersAt(runs: readonly MethodRun[], density: number): MethodContender[] {
  const names = contenderNames(runs);
  const here = runs.filter((run) => (totalDensity(run) ?? density) === density);
  return [...Map.groupBy(here, (run) => names.get(contenderKey(run))!)].map(([name, timed]) => {
    const all = distinctRuns(timed);
    const { family } = methodNamed(all[0].method);
    return { name, family, runs: distinct(all), all, timed };
  });
}

/** The machine of a run. Runs that do not know their processor count as runs of one machine, `""`. */
export function machineOf({ machine = "" }: MethodRun): string {
  return machine;
}

/** The machines of some runs, by name. */
export function machinesOf(runs: readonly MethodRun[]): string[] {
  return [...new Set(runs.map(machineOf))].sort();
}

/** A split of a data set. All its runs learn from the same rows and are tested on the same rows. */
export function splitOf({ dataset, seed }: MethodRun): string {
  return `${seed} ${dataset}`;
}

/** The splits on which all contenders have a run. */
export function sharedSplits(contenders: readonly MethodContender[]): Set<string> {
  const [first, ...others] = contenders.map(({ runs }) => new Set(runs.map(splitOf)));
  return others.reduce((shared, own) => shared.intersection(own), first ?? new Set());
}

/** A run as a score of a comparison. */
export function scoreOfRun(name: string, run: MethodRun): ComparisonScore {
  const { dataset, seed, accuracy, logLoss, testRows, cpuSeconds, weights, density, flops } = run;
  const costs = { fitSeconds: cpuSeconds, predictSeconds: 0, modelBytes: 0 };
  return {
    name,
    dataset,
    seed,
    value: accuracy,
    logLoss,
    testRows,
    weights,
    density,
    flops,
    ...costs,
  };
}

/** Keeps one run per data set and seed. Of repetitions it is the one without additional measurements. */
function distinct(runs: readonly MethodRun[]): MethodRun[] {
  const sorted = [...runs].sort((a, b) => Number(a.measured) - Number(b.measured));
  const kept = new Map<string, MethodRun>();
  for (const run of sorted) {
    if (!kept.has(splitOf(run))) kept.set(splitOf(run), run);
  }
  return runs.filter((run) => kept.get(splitOf(run)) === run);
}

function contenderKey({ method, members, settings }: MethodRun): string {
  return `${method} ${members} ${settings}`;
}

/**
 * The names of contenders by their keys: the method's title, and the settings that distinguish it from
 * others of its method.
 */
function contenderNames(runs: readonly MethodRun[]): Map<string, string> {
  const byMethod = Map.groupBy(runs, ({ method, members }) => `${method} ${members}`);
  return new Map(
    [...byMethod.values()].flatMap((own) => {
      const [{ method, members }] = own;
      const { title, family } = methodNamed(method);
      const several = members > 1 && family !== "ensembles" ? `, ${members} members` : "";
      const settings = [...new Set(own.map(({ settings }) => settings))];
      return own.map((run): [string, string] => [
        contenderKey(run),
        `${title}${several}${settings.length > 1 ? ` (settings ${run.settings})` : ""}`,
      ]);
    }),
  );
}
