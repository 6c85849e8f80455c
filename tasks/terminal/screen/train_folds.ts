/** The part of `deno task train` that scores a table fold by fold, and then trains on all of its rows. */
import { join } from "node:path";
import process from "node:process";
import {
  type FoldsResult,
  resumeFolds,
  type RunConfig,
  type RunOptions,
  type RunRecord,
  startFolds,
} from "../../../lib/experiments/run/mod.ts";
import { mean, standardDeviation } from "../../../lib/statistics/mod.ts";
import { shellWord } from "../../../lib/messages.ts";
import { asTyped, say, tell, warn } from "../command_line.ts";
import { type ProgressDisplay, showProgress } from "../progress_display.ts";
import { onInterrupt } from "../interrupt.ts";
import { errorText, plainTable } from "../result_table.ts";

/** The folds of a table, as options. */
export interface FoldOptions {
  /** The number of folds. */
  readonly folds: number;
  /** The column with the groups of rows. */
  readonly group?: string | undefined;
  /** The column with the times of rows. */
  readonly time?: string | undefined;
}

/**
 * Trains a run for every fold and one on all rows, and prints the scores.
 *
 * @param begin The configuration and the folds. `null`: continues with those of the folder.
 */
export async function trainFolds(
  begin: { readonly config: RunConfig; readonly folds: FoldOptions } | null,
  folder: string,
  options: Omit<RunOptions, "onEvent" | "signal">,
  json: boolean,
): Promise<void> {
  let display: ProgressDisplay | undefined;
  const stop = () => display?.stop();
  using interrupt = onInterrupt("Stopping after this batch", stop);
  const runOptions: Parameters<typeof startFolds>[2] = {
    ...options,
    signal: interrupt.signal,
    onEvent: (event) => display?.onEvent(event),
    onPart(part, of) {
      stop();
      tell(part === "all" ? "All rows: the model to use" : `${part.replace("-", " ")} of ${of}`);
      // Network and columns are the same in every fold, so they are shown once.
      display = showProgress(json, display !== undefined);
    },
  };
  let result: FoldsResult;
  try {
    if (begin === null) result = await resumeFolds(folder, runOptions);
    else {
      const { config, folds: { folds: of, group, time } } = begin;
      result = await startFolds({ config, of, group, time }, folder, runOptions);
    }
  } finally {
    stop();
  }
  if (result.status === "stopped") {
    warn(`Stopped in ${result.part}. Go on with: deno task train --resume ${shellWord(folder)}`);
    process.exitCode = 130;
  } else report(result, folder, json);
}

/** A score of every fold. */
interface FoldScore {
  readonly name: string;
  readonly text: (value: number) => string;
  readonly values: readonly number[];
}

function scoresOf(folds: readonly RunRecord[]): FoldScore[] {
  const of = (name: string, text: FoldScore["text"], value: (record: RunRecord) => number) => ({
    name,
    text,
    values: folds.map(value),
  });
  const error = (value: number) => errorText(value);
  if (folds[0].regression) {
    return [
      of("RMSE", error, ({ regression }) => regression!.rmse),
      of("MAE", error, ({ regression }) => regression!.mae),
      of("R²", (value) => value.toFixed(4), ({ regression }) => regression!.r2),
    ];
  }
  return [
    of("accuracy (%)", (value) => (100 * value).toFixed(2), ({ accuracy }) => accuracy!),
    of("log loss", (value) => value.toFixed(4), ({ probabilities }) => probabilities!.logLoss),
    of("Brier score", (value) => value.toFixed(4), ({ probabilities }) => probabilities!.brier),
  ];
}

function report(
  { folds, all }: FoldsResult & { status: "finished" },
  folder: string,
  json: boolean,
): void {
  const scores = scoresOf(folds);
  if (json) {
    const summary = scores.map(({ name, values }) => {
      const key = name.replace(/ \(%\)/, "");
      return [key, { mean: mean(values), deviation: standardDeviation(values) }];
    });
    const each = folds.map((record, k) => ({ fold: k + 1, ...record }));
    const { model } = all;
    return say(
      JSON.stringify({ scores: Object.fromEntries(summary), folds: each, model, run: folder }),
    );
  }
  const rows = folds.map(({ testRows }, k) => [
    `fold ${k + 1}`,
    `${testRows}`,
    ...scores.map(({ values, text }) => text(values[k])),
  ]);
  const last = scores.map(({ values, text }) =>
    `${text(mean(values))} ± ${text(standardDeviation(values))}`
  );
  const total = folds.reduce((sum, { testRows }) => sum + testRows, 0);
  say(plainTable(
    ["", "test rows", ...scores.map(({ name }) => name)],
    [...rows, ["mean ± sd", `${total}`, ...last]],
  ));
  if (folds[0].weighted) say("All scores are weighted");
  say(
    "Every fold is tested by members that did not learn from it. The model has learned from all " +
      "rows and is tested on none: the folds' scores are an estimate of its own",
  );
  say(`Model:  ${all.model}`);
  say(
    asTyped(
      `Next:   deno task predict ${shellWord(join(folder, "all", "model.safetensors"))} FILE`,
    ),
  );
}
