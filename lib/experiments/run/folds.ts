/**
 * Cross-validation: one run per fold, and then a run on all rows, whose model is the one to use. Each run
 * has its own folder within one folder. If it was stopped or killed, it continues with the next unfinished
 * fold.
 *
 * @module
 */
import { node } from "../../node.ts";
import { removeAbandonedFiles, writeFileAtomically } from "../../files/mod.ts";
import { foldColumns, type FoldConfig } from "./fold_data.ts";
import { resumeRun, type RunOptions, type RunResult, startRun } from "./run.ts";
import { completeConfig, type RunConfig } from "./run_config.ts";
import { checkRecord } from "./record_schema.ts";
import {
  ANOTHER_FOLDER,
  isFinished,
  readConfig,
  readJson,
  removeEmptyFolder,
  runFiles,
} from "./run_folder.ts";
import type { RunRecord } from "./run_record.ts";

/** The folds of a table, and the configuration of all runs on them. */
export interface FoldsPlan extends Omit<FoldConfig, "fold"> {
  /** The configuration without fold and test rows. */
  readonly config: RunConfig;
}

/** The end of a cross-validation. */
export type FoldsResult =
  | {
    readonly status: "finished";
    /** The records of the folds, in order. */
    readonly folds: readonly RunRecord[];
    /** The run on all rows. */
    readonly all: { readonly record: RunRecord; readonly model: string };
  }
  | { readonly status: "stopped"; readonly part: string };

/** The file that marks a folder of folds. */
const PLAN = "folds.json";

/** The name of the run on all rows. */
const ALL = "all";

/** Returns `true` if a folder holds a cross-validation. */
export function hasFolds(folder: string): boolean {
  return node.fs.existsSync(node.path.join(folder, PLAN));
}

/** The folder of a cross-validation's run on all rows. */
export function allRowsFolder(folder: string): string {
  return node.path.join(folder, ALL);
}

/** Reads the plan in a folder of folds. */
export function readFoldsPlan(folder: string): FoldsPlan {
  const { config, ...folds } = readJson(node.path.join(folder, PLAN));
  const complete = completeConfig(config as Record<string, unknown>);
  const { fold } = completeConfig({ ...complete, fold: { ...folds, fold: 1 } });
  const { of, group, time } = fold!;
  return { of, group, time, config: complete };
}

/**
 * Begins a cross-validation in a folder.
 *
 * @throws {Error} If the folder holds a cross-validation or a run.
 */
export async function startFolds(
  plan: FoldsPlan,
  folder: string,
  options: RunOptions & { readonly onPart?: (part: string, of: number) => void } = {},
): Promise<FoldsResult> {
  const taken = [PLAN, "config.json"].find((name) =>
    node.fs.existsSync(node.path.join(folder, name))
  );
  if (taken !== undefined) {
    throw new Error(
      `Cannot begin a run in "${folder}": found "${taken}", the file of another run, ${ANOTHER_FOLDER}`,
    );
  }
  // Errors in the folds are found before anything is written.
  const { config, ...folds } = plan;
  completeConfig({ ...config, fold: { ...folds, fold: 1 } });
  node.fs.mkdirSync(folder, { recursive: true });
  const text = `${JSON.stringify({ ...folds, config }, null, 2)}\n`;
  writeFileAtomically(node.path.join(folder, PLAN), text);
  try {
    return await goOn(plan, folder, options);
  } catch (error) {
    // Nothing was trained, so the folder is restored.
    if (!node.fs.existsSync(node.path.join(folder, "fold-1"))) {
      node.fs.rmSync(node.path.join(folder, PLAN));
      removeEmptyFolder(folder);
    }
    throw error;
  }
}

/** Continues a cross-validation. Finished runs stay, and begun ones are resumed. */
export async function resumeFolds(
  folder: string,
  options: RunOptions & { readonly onPart?: (part: string, of: number) => void } = {},
): Promise<FoldsResult> {
  removeAbandonedFiles(folder);
  return await goOn(readFoldsPlan(folder), folder, options);
}

async function goOn(
  plan: FoldsPlan,
  folder: string,
  options: RunOptions & { readonly onPart?: (part: string, of: number) => void },
): Promise<FoldsResult> {
  const records: RunRecord[] = [];
  for (const { name, config } of partsOf(plan)) {
    const place = node.path.join(folder, name);
    const files = runFiles(place);
    if (!isFinished(files)) {
      options.onPart?.(name, plan.of);
      const isBegun = node.fs.existsSync(files.config) && isReadable(files.config);
      const result: RunResult = isBegun
        ? await resumeRun(place, options)
        : await startRun(config, place, options);
      if (result.status === "stopped") return { status: "stopped", part: name };
    }
    records.push(checkRecord(readJson(files.record), files.record));
  }
  const [all, ...folds] = [records.pop()!, ...records];
  return {
    status: "finished",
    folds,
    all: { record: all, model: runFiles(node.path.join(folder, ALL)).model },
  };
}

function isReadable(path: string): boolean {
  try {
    readConfig(path);
    return true;
  } catch {
    return false;
  }
}

/** The runs of a cross-validation: its folds, and the one on all rows. */
function partsOf({ config, of, group, time }: FoldsPlan): { name: string; config: RunConfig }[] {
  const folds = Array.from({ length: of }, (_, k) => ({
    name: `fold-${k + 1}`,
    config: { ...config, test: null, fold: { of, fold: k + 1, group, time } },
  }));
  const ignore = [...new Set([...config.ignore, ...foldColumns({ group, time })])];
  return [...folds, { name: ALL, config: { ...config, test: null, testFraction: 0, ignore } }];
}
