import { studyConfigs } from "../../../lib/experiments/sweep/study.ts";
import type { RunConfig } from "../../../lib/experiments/run/run_config.ts";
import { tinySettings } from "../../tasks/tiny_run.ts";

/** Configurations of tiny runs on `table.csv` of a folder, one for every seed. */
export function tinyConfigs(from: string, seeds: readonly number[], epochs = 8): RunConfig[] {
  const base = { ...tinySettings(epochs), file: `${from}/table.csv` };
  return studyConfigs({ base, grid: { seed: seeds } });
}
