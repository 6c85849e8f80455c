import type { Model } from "../../mod.ts";
import { type HardwareCount, NOT_ASKED } from "../../lib/counters/mod.ts";
import {
  baselineSentence,
  classTable,
  confusionTable,
  countOf,
  frequentConfusions,
  residualTable,
} from "../../lib/experiments/results/mod.ts";
import type {
  ClassAssessment,
  Coverage,
  NumberAssessment,
  ProbabilityScores,
  RegressionErrors,
} from "../../lib/prediction/mod.ts";
import { type Table, tableText } from "../../lib/reports/mod.ts";
import type { RunRecord } from "../../lib/experiments/run/mod.ts";
import type { TrainingRun } from "../../lib/ensemble/mod.ts";
import { escaped, plural } from "../../lib/messages.ts";
import { wilsonInterval } from "../../lib/statistics/mod.ts";
import { fittedTable } from "./screen/fitted_table.ts";
import { widthOf } from "./screen/width.ts";

/**
 * A table with plain borders. If the terminal is too narrow, the table is divided into several parts, each
 * with the first `keys` columns.
 */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  { stream = Deno.stdout, keys = 1 }: {
    readonly stream?: { isTerminal(): boolean };
    readonly keys?: number;
  } = {},
): string {
  // Names in it come from files.
  const cells = rows.map((row) => row.map((cell) => escaped(`${cell}`)));
  return fittedTable(head.map(escaped), cells, widthOf(stream), keys);
}

/** A share in percent, or a dash if there is none. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(2)} %`;
}

/** A run's result for people. */
export function resultTable(record: RunRecord, model: Model): string {
  const isClassifier = model.targetScaling === undefined;
  const { density, flops, seconds, peakMemoryBytes } = record;
  return [
    ...isClassifier ? classScores(record) : numberScores(record, model.target),
    ...votesNote(model),
    ...record.assessment ? assessmentLines(record.assessment) : [],
    ...coverageLines(record.coverage),
    ...hardwareLine(flops),
    ...budgetLines(model.settings, seconds.train),
    `Density: ${percent(density)}, training FLOPs: ${flops.counted.toExponential(3)}, ` +
    `${timeText(seconds)}, peak memory: ${Math.round(peakMemoryBytes / 1e6)} MB`,
  ].join("\n");
}

/** The time of a run. If members are trained side by side, their times add up to more than the run's. */
export function timeText(
  { train, total, cpu }: Pick<RunRecord["seconds"], "train" | "total" | "cpu">,
): string {
  const [training, all] = [train, total].map((seconds) => `${seconds.toFixed(1)} s`);
  const time = train <= total
    ? `training: ${training} of ${all}`
    : `training: ${training} of members side by side, in ${all}`;
  return `${time} (processor: ${cpu.toFixed(1)} s)`;
}

/** The choice for a budget, and the seconds that training took. */
function budgetLines(
  { budget, trials, members, epochs }: Model["settings"],
  took: number,
): string[] {
  if (budget === undefined) return [];
  const tried = trials === 0 ? "no trials" : `${plural(trials, "trial")} a candidate`;
  return [
    `Budget: ${budget} s of training, for which ${tried}, ${plural(members, "member")} and ` +
    `${plural(epochs, "epoch")} were chosen; training took ${took.toFixed(1)} s`,
  ];
}

/** A note on scores of members that have votes. */
export function votesNote({ members, targetScaling }: Model): string[] {
  if (members.every(({ vote }) => vote === undefined)) return [];
  const votes = members.map(({ vote }) => vote!.toFixed(3)).join(", ");
  const alone = targetScaling === undefined
    ? "each learned what those before got wrong"
    : "each learned what was left by those before, and its score alone says little";
  const note = members.length === 1 ? "" : `; ${alone}`;
  return [`Votes of the members, in their order: ${votes}${note}`];
}

function classScores(record: RunRecord): string[] {
  const { accuracy, testRows, probabilities, weighted } = record;
  // Wilson's interval counts rows, which have different weights here.
  const interval = accuracy === null || weighted
    ? null
    : wilsonInterval(Math.round(accuracy * testRows), testRows);
  const ends = interval === null
    ? ""
    : ` [${(100 * interval.low).toFixed(2)}, ${(100 * interval.high).toFixed(2)}]`;
  const table = membersTable(
    record,
    ["test accuracy", "validation"],
    (member) => [percent(member.accuracy), percent(member.validationAccuracy)],
    [`${percent(accuracy)}${ends}`],
  );
  return [
    table,
    `Test rows: ${testRows}${
      weighted
        ? "; all scores are weighted"
        : interval === null
        ? ""
        : " (in brackets: Wilson's 95 % interval over them)"
    }`,
    ...probabilities ? [probabilityLine(probabilities)] : [],
  ];
}

/** A table with one row per member, and one for the ensemble. */
function membersTable(
  { members, weights }: RunRecord,
  columns: readonly string[],
  cellsOf: (member: RunRecord["members"][number]) => string[],
  ensemble: readonly string[],
): string {
  const rows = members.map((member, m) => [
    `member ${member.number ?? m + 1}`,
    ...cellsOf(member),
    member.epoch,
    countOf(member.nnz),
  ]);
  const last = [`ensemble of ${members.length}`, ...ensemble, "", "", countOf(weights)];
  return plainTable(["", ...columns, "epoch", "weights"], [...rows, last]);
}

function numberScores(record: RunRecord, target: string): string[] {
  const table = membersTable(
    record,
    [...ERRORS, "validation RMSE"],
    (member) => [...errorCells(member.regression), errorText(member.validationRmse)],
    errorCells(record.regression),
  );
  return [
    table,
    `Test rows: ${record.testRows}; RMSE and MAE in the unit of "${target}"${
      record.weighted ? "; all scores are weighted" : ""
    }`,
  ];
}

/** The largest number of classes of a short table. */
const MOST_CLASSES = 12;

/** The number of most frequent confusions that are shown if the matrix is too wide. */
const MOST_CONFUSIONS = 5;

/** Columns of a terminal. */
const WIDTH = 80;

/** Compares the predictions with the truth: a baseline, and the model's errors. */
export function assessmentLines(assessment: ClassAssessment | NumberAssessment): string[] {
  const baseline = escaped(baselineSentence(assessment));
  if (!("confusion" in assessment)) return [baseline, shownTable(residualTable(assessment)), ""];
  const { columns, rows } = classTable(assessment);
  // Of many classes, the classes with the lowest recall.
  const recalls = assessment.byClass.map(({ recall }, c) => ({ recall: recall ?? Infinity, c }));
  const worst = recalls.sort((a, b) => a.recall - b.recall).slice(0, MOST_CLASSES)
    .map(({ c }) => c).sort((a, b) => a - b);
  const left = assessment.classes.length - worst.length;
  const chosen = [...worst.map((c) => rows[c]), rows[rows.length - 1]];
  const matrix = shownTable(confusionTable(assessment));
  const confused = frequentConfusions(assessment, MOST_CONFUSIONS);
  const isNarrow = matrix.split("\n").every(({ length }) => length <= WIDTH);
  return [
    baseline,
    shownTable({ columns, rows: chosen }),
    ...left > 0 ? [`${left} more classes are left out, found as often or more (--json: all)`] : [],
    ...isNarrow ? [matrix] : confused.rows.length > 0 ? [shownTable(confused)] : [],
    "",
  ];
}

/** A table without borders, with one line per row. */
function shownTable({ columns, rows }: Table): string {
  // Names in it come from files.
  const written = (cells: readonly (string | number | null)[]) =>
    cells.map((cell) => cell === null ? null : escaped(`${cell}`));
  return `\n${tableText({ columns: columns.map(escaped), rows: rows.map(written) }).trimEnd()}`;
}

/** The columns of {@linkcode errorCells}. */
export const ERRORS: readonly string[] = ["RMSE", "MAE", "R²"];

/** The scores of an ensemble's probabilities. */
export function probabilityLine({ logLoss, brier, calibrationError }: ProbabilityScores): string {
  return `The ensemble's probabilities: log loss ${logLoss.toPrecision(4)}, Brier score ${
    brier.toPrecision(4)
  }, calibration error ${percent(calibrationError)}`;
}

/** A line about intervals or class sets, if there are any. */
export function coverageLines(coverage: Coverage | undefined): string[] {
  if (coverage === undefined) return [];
  const { asked, found, width, size } = coverage;
  const what = width === undefined
    ? `sets of ${size!.toFixed(2)} classes on average`
    : `intervals ${errorText(width)} wide`;
  return [`Coverage: ${percent(found)} of the rows are in ${what} (asked for: ${percent(asked)})`];
}

/** The errors of predicted numbers as cells of a table. */
export function errorCells(errors: RegressionErrors | null | undefined): string[] {
  return [errorText(errors?.rmse), errorText(errors?.mae), errors?.r2.toFixed(4) ?? "–"];
}

/** An error in the target's unit, or a dash if there is none. */
export function errorText(error: number | null | undefined): string {
  return error === null || error === undefined ? "–" : `${Number(error.toPrecision(5))}`;
}

/** One line per layer, with the density it was drawn with. */
export function layerLines(run: TrainingRun): string[] {
  return run.stage.network.layers.map((layer, l) => {
    const { rows, columns, weights, kind } = layer;
    const density = weights.length / (rows * columns);
    const pattern = density === 1 ? "every connection" : `${kind}, density ${percent(density)}`;
    const blocks = layer.kind === "sparse" && layer.blockSize > 1
      ? `, blocks of ${layer.blockSize} neurons`
      : "";
    return `layer ${l + 1}: ${columns} → ${rows}, ${weights.length} weights, ${pattern}${blocks}`;
  });
}

/** The hardware's count, or the reason for its absence, if the user asked for it. */
export function hardwareLine({ hardware, event, reason }: HardwareCount): string[] {
  if (hardware !== null) return [`Hardware count: ${hardware.toExponential(3)} (${event})`];
  return reason === null || reason === NOT_ASKED.unavailable
    ? []
    : [`No hardware count: ${reason}`];
}
