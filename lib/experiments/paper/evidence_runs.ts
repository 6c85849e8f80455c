import { type RunConfig, runHash } from "../run/mod.ts";
import type { Evidence, RunLine } from "./experiment.ts";

/** The finished runs of some configurations. */
export function finishedRuns(evidence: Evidence, configs: readonly RunConfig[]): RunLine[] {
  const byHash = new Map(evidence.runs.map((run) => [run.hash, run]));
  return configs.flatMap((config) => byHash.get(runHash(config)) ?? []);
}

/** Test accuracies in percent. Runs without test rows have none. */
export function accuracies(runs: readonly RunLine[]): number[] {
  return runs.flatMap(({ record }) => record.accuracy === null ? [] : [100 * record.accuracy]);
}

/** Test accuracies in percent by seed. */
export function accuracyBySeed(runs: readonly RunLine[], prefix = ""): Map<string, number> {
  return new Map(
    runs.flatMap(({ config, record }): [string, number][] =>
      record.accuracy === null ? [] : [[`${prefix}${config.seed}`, 100 * record.accuracy]]
    ),
  );
}

/** Sentences about runs that failed, or were rolled back after their loss exploded. */
export function troubleText({ runs, failed }: Evidence): string[] {
  const name = ({ method, file, epsilon, learningRate, seed }: RunConfig) =>
    `${method}, ${file.replace(/^\w+:/, "")}, ε ${epsilon}, η ${learningRate}, seed ${seed}`;
  const back = runs.filter(({ record }) => record.rollbacks.length > 0);
  const list = back.map(({ config, record }) => `${name(config)} (${record.rollbacks.length}x)`);
  return [
    ...failed.map(({ config, reason }) => `The run ${name(config)} failed: ${reason}.`),
    ...back.length === 0 ? [] : [
      `The loss exploded in ${back.length} of ${runs.length} runs, which went back to the beginning of the epoch with half the learning rate: ${
        list.join("; ")
      }.`,
    ],
  ];
}

/** The back ends of the runs. */
export function kernelsText({ runs }: Evidence): string {
  const names = [...new Set(runs.map(({ record }) => record.kernels))].sort();
  return names.length === 0 ? "no run is finished" : names.join(", ");
}
