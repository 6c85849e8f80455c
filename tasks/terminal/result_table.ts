import type { Model } from "../../mod.ts";
import { type HardwareCount, NOT_ASKED } from "../../lib/counters/mod.ts";
import type { ProbabilityScores, RegressionErrors } from "../../lib/prediction/mod.ts";
import type { RunRecord } from "../../lib/experiments/run/mod.ts";
import type { TrainingRun } from "../../lib/ensemble/mod.ts";
import CliTable from "./cli_table.ts";

/** A table with plain borders, the same on a terminal and in a file. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const table = new CliTable({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** A share in percent, or a dash where there is none. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(2)} %`;
}

/** A run's result for people. */
export function resultTable(record: RunRecord, model: Model): string {
  const scores = model.targetScaling === undefined
    ? classScores(record, model)
    : numberScores(record, model);
  const { seconds } = record;
  return [
    ...scores,
    ...hardwareLine(record.flops),
    `Density: ${(100 * record.density).toFixed(2)} %, training FLOPs: ${
      record.flops.counted.toExponential(3)
    }, training: ${seconds.train.toFixed(1)} s of ${seconds.total.toFixed(1)} s (processor: ${
      seconds.cpu.toFixed(1)
    } s), peak memory: ${Math.round(record.peakMemoryBytes / 1e6)} MB`,
  ].join("\n");
}

function classScores(record: RunRecord, model: Model): string[] {
  const rows = record.members.map((member, m) => [
    `member ${m + 1}`,
    percent(member.accuracy),
    percent(member.validationAccuracy),
    member.epoch,
    member.nnz,
  ]);
  const interval = record.accuracy === null
    ? ""
    : ` ± ${(100 * halfWidth(record.accuracy, record.testRows)).toFixed(2)}`;
  rows.push([
    `ensemble of ${model.members.length}`,
    `${percent(record.accuracy)}${interval}`,
    "",
    "",
    record.weights,
  ]);
  return [
    plainTable(["", "test accuracy", "validation", "epoch", "weights"], rows),
    `Test rows: ${record.testRows} (± is the 95 % interval of a share of so many rows)`,
    ...record.probabilities ? [probabilityLine(record.probabilities)] : [],
  ];
}

function numberScores(record: RunRecord, model: Model): string[] {
  const rows = record.members.map((member, m) => [
    `member ${m + 1}`,
    ...errorCells(member.regression),
    errorText(member.validationRmse),
    member.epoch,
    member.nnz,
  ]);
  const name = `ensemble of ${model.members.length}`;
  rows.push([name, ...errorCells(record.regression), "", "", record.weights]);
  return [
    plainTable(["", ...ERRORS, "validation RMSE", "epoch", "weights"], rows),
    `Test rows: ${record.testRows}; RMSE and MAE in the unit of "${model.target}"`,
  ];
}

/** The columns of {@linkcode errorCells}. */
export const ERRORS: readonly string[] = ["RMSE", "MAE", "R²"];

/** The scores of an ensemble's probabilities. */
export function probabilityLine({ logLoss, brier, calibrationError }: ProbabilityScores): string {
  return `The ensemble's probabilities: log loss ${logLoss.toPrecision(4)}, Brier score ${
    brier.toPrecision(4)
  }, calibration error ${percent(calibrationError)}`;
}

/** The errors of predicted numbers as cells of a table. */
export function errorCells(errors: RegressionErrors | null | undefined): string[] {
  return [errorText(errors?.rmse), errorText(errors?.mae), errors?.r2.toFixed(4) ?? "–"];
}

/** An error in the target's unit, or a dash where there is none. */
export function errorText(error: number | null | undefined): string {
  return error === null || error === undefined ? "–" : `${Number(error.toPrecision(5))}`;
}

/** Half the 95 % interval of a share (Wilson's, taken as symmetric about the share). */
function halfWidth(share: number, rows: number): number {
  const z = 1.96;
  return z / (1 + z * z / rows) * Math.sqrt(share * (1 - share) / rows + (z / (2 * rows)) ** 2);
}

/** One line per layer, with the density it was drawn with. */
export function layerLines(run: TrainingRun): string[] {
  return run.network.layers.map(({ rows, columns, weights, kind }, l) => {
    const density = weights.length / (rows * columns);
    return `layer ${l + 1}: ${columns} → ${rows}, ${weights.length} weights, ${kind}, density ${
      (100 * density).toFixed(2)
    } %`;
  });
}

/** The hardware's count, or the reason for its absence, where the user asked for it. */
export function hardwareLine({ hardware, event, reason }: HardwareCount): string[] {
  if (hardware !== null) return [`Hardware count: ${hardware.toExponential(3)} (${event})`];
  return reason === null || reason === NOT_ASKED.unavailable
    ? []
    : [`No hardware count: ${reason}`];
}
