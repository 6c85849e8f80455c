import { accuracyFigure, membersFigure } from "../../plots/mod.ts";
import type { Report, ReportBlock, ReportSection, Table } from "../../reports/mod.ts";
import { wilsonInterval } from "../../statistics/mod.ts";
import type { EpochRecord } from "../../ensemble/mod.ts";
import { methodOf } from "../../methods/mod.ts";
import { readEpochs, type RunRecord } from "../run/mod.ts";
import type { Result } from "./results.ts";
import { assessmentBlocks } from "./assessment_tables.ts";
import { textOf } from "./run_groups.ts";
import { candidateText, trialTable } from "./trial_table.ts";
import { countOf, flopsOf, numberText, percentOf, runTitle } from "./run_labels.ts";

/** The report of one run. */
export function reportOfRun(result: Result): Report {
  const { config, record, hash } = result;
  const settings = Object.entries(config).map(([key, value]) => [key, textOf(value)]);
  return {
    title: runTitle(config),
    lead: `Configuration ${hash}; weights were computed by the ${record.kernels} kernels` +
      `${executionOf(record)}.`,
    sections: [
      { title: "Result", blocks: [{ kind: "table", table: resultTable(record) }] },
      ...testRows(record, config.target),
      ...record.trials === undefined ? [] : [{
        title: "Trials",
        blocks: [{ kind: "table" as const, table: trialTable(record.trials) }],
      }],
      { title: "Members", blocks: [{ kind: "table", table: membersTable(record) }] },
      ...isNumeric(result) ? [] : [{
        title: "Accuracy over the epochs",
        blocks: [curve(result, runTitle(config))],
      }],
      operations(record),
      { title: "Time and memory", blocks: [{ kind: "table", table: timeTable(record) }] },
      {
        title: "Settings",
        blocks: [
          { kind: "table", table: { columns: ["setting", "value"], rows: settings } },
          { kind: "text", text: "The run's config.json repeats it:" },
          { kind: "code", text: "deno task train --config config.json --out FOLDER" },
        ],
      },
    ],
  };
}

/** The section that compares the predictions of the test rows with the truth. Older records lack them. */
function testRows({ assessment }: RunRecord, target: string): ReportSection[] {
  if (assessment === null || assessment === undefined) return [];
  return [{ title: "Test rows", blocks: assessmentBlocks(assessment, target) }];
}

/** Returns `true` for a run that predicts numbers. Such a run has no accuracy. */
export function isNumeric({ config }: Result): boolean {
  return config.task === "regression";
}

/**
 * The accuracy over a run's epochs, or a sentence that it is not known.
 *
 * @param title The run's name.
 */
export function curve({ config, record, folder }: Result, title: string): ReportBlock {
  let epochs: EpochRecord[];
  try {
    epochs = readEpochs(folder);
  } catch (error) {
    return { kind: "text", text: `${title}: ${(error as Error).message}.` };
  }
  if (epochs.length === 0) {
    return { kind: "text", text: `${title}: there is no events.jsonl in its folder.` };
  }
  const known = epochs.flatMap(({ accuracy, ...epoch }) =>
    accuracy === null ? [] : [{ ...epoch, accuracy }]
  );
  if (known.length === 0) {
    return { kind: "text", text: `${title} predicts numbers: there is no accuracy.` };
  }
  // If every member begins anew, one curve over all epochs would look like saw teeth.
  if (methodOf(config).members !== "sequential" && known.at(-1)!.member > 0) {
    return { kind: "figure", spec: membersFigure(known, { title, panelOf: panelOf(record) }) };
  }
  const spec = accuracyFigure(known, {
    title,
    kept: record.members.map(({ epoch }) => epoch),
    ensembleAccuracy: record.accuracy,
  });
  return { kind: "figure", spec };
}

/** The panel of a member. Every candidate in trial has a panel; all other members share one. */
function panelOf({ trials }: RunRecord): (member: number) => string {
  const tried = new Map(
    trials?.tried.flatMap(({ candidate, members }) =>
      members.map((member) => [member - 1, `tried: ${candidateText(candidate)}`] as const)
    ),
  );
  return (member) =>
    tried.get(member) ?? (trials === undefined ? "all members" : "after the trials");
}

/** The instructions, the threads and the blocks of a run; `""` for an older record without them. */
function executionOf({ execution, blockSizes = [] }: RunRecord): string {
  if (execution === undefined) return "";
  const { kernels, threads } = execution;
  // The description of kernels on several threads ends with their number.
  const alone = threads === 1 ? ", 1 thread" : "";
  return `: ${kernels}${alone}, blocks of G = ${blockSizes.join(", ")} by layer`;
}

/** A run's members, and the ensemble below them. */
export function membersTable(record: RunRecord): Table {
  if (record.regression !== undefined) return numberMembersTable(record);
  return tableOfMembers(record, {
    scores: ["test accuracy (%)"],
    validation: "validation accuracy (%)",
    scoresOf: ({ accuracy }) => [percentOf(accuracy, record.testRows)],
    validationOf: ({ validationAccuracy }) => percentOf(validationAccuracy, record.testRows),
  });
}

function numberMembersTable(record: RunRecord): Table {
  const textOfError = (error: number | null | undefined) =>
    error === null || error === undefined ? null : numberText(error);
  return tableOfMembers(record, {
    scores: ["test RMSE", "test MAE", "test R²"],
    validation: "validation RMSE",
    scoresOf: ({ regression }) =>
      [regression?.rmse, regression?.mae, regression?.r2].map(textOfError),
    validationOf: ({ validationRmse }) => textOfError(validationRmse),
  });
}

type Texts = (string | null)[];

/** A table with one row per member, and one for the ensemble. */
function tableOfMembers(
  record: RunRecord,
  { scores, validation, scoresOf, validationOf }: {
    readonly scores: readonly string[];
    readonly validation: string;
    readonly scoresOf: (own: Pick<RunRecord, "accuracy" | "regression">) => Texts;
    readonly validationOf: (member: RunRecord["members"][number]) => string | null;
  },
): Table {
  const { members, weights, flops } = record;
  return {
    columns: ["", ...scores, validation, "kept epoch", "stored weights", "training FLOPs"],
    rows: [
      ...members.map((member, m) => [
        `member ${member.number ?? m + 1}`,
        ...scoresOf(member),
        validationOf(member),
        member.epoch,
        countOf(member.nnz),
        flops.members[m] === undefined ? null : flopsOf(flops.members[m]),
      ]),
      ["ensemble", ...scoresOf(record), null, null, countOf(weights), flopsOf(flops.counted)],
    ],
  };
}

function resultTable(record: RunRecord): Table {
  const { accuracy, testRows, weighted } = record;
  const interval = accuracy === null || weighted
    ? null
    : wilsonInterval(Math.round(accuracy * testRows), testRows);
  return quantities([
    ["test accuracy (%)", percentOf(accuracy, testRows)],
    [
      "95 % interval over test rows (%)",
      interval === null
        ? null
        : `${percentOf(interval.low, testRows)} to ${percentOf(interval.high, testRows)}`,
    ],
    ...probabilityRows(record),
    ...errorRows(record),
    ["test rows in their interval or set of classes (%)", coverageOf(record)],
    ["test rows", countOf(testRows)],
    ["stored weights", countOf(record.weights)],
    ["share of the dense layers' weights (%)", percentOf(record.density)],
    ["training FLOPs, counted", flopsOf(record.flops.counted)],
    ["training time (s)", record.seconds.train.toFixed(1)],
    ["constant columns left out", textOf(record.droppedColumns.join(", ") || "none")],
    ["divergences taken back", record.rollbacks.length],
  ]);
}

/** The share of test rows whose truth is in the interval or class set, and the requested share. */
function coverageOf({ coverage, testRows }: RunRecord): string | null {
  if (coverage === undefined) return null;
  return `${percentOf(coverage.found, testRows)} (asked for: ${percentOf(coverage.asked, 0)})`;
}

/** A table of quantities, without empty ones. */
function quantities(rows: Table["rows"]): Table {
  return { columns: ["quantity", "value"], rows: rows.filter(([, value]) => value !== null) };
}

/** The scores of the probabilities, if classes are predicted. */
function probabilityRows(
  { probabilities, testRows }: RunRecord,
): [string, string | null][] {
  if (probabilities === null || probabilities === undefined) return [];
  const { logLoss, brier, calibrationError } = probabilities;
  return [
    ["log loss", logLoss.toPrecision(4)],
    ["Brier score", brier.toPrecision(4)],
    ["calibration error (%)", percentOf(calibrationError, testRows)],
  ];
}

/** The errors of a run that predicts numbers. */
function errorRows({ regression }: RunRecord): [string, string][] {
  if (regression === null || regression === undefined) return [];
  const { rmse, mae, r2 } = regression;
  return [
    ["test RMSE", numberText(rmse)],
    ["test MAE", numberText(mae)],
    ["test R²", numberText(r2)],
  ];
}

const PHASES: Readonly<Record<string, string>> = {
  forward: "forward products",
  activation: "activations and dropout",
  softmax: "softmax and loss",
  inputGradient: "gradients of activations",
  weightGradient: "gradients of weights",
  update: "updates of weights",
  topology: "topology changes",
};

function operations({ flops }: RunRecord): ReportSection {
  const rows = Object.entries(flops.phases).map(([phase, count]) => [
    PHASES[phase] ?? phase,
    flopsOf(count),
    percentOf(count / flops.counted),
  ]);
  const hardware = flops.hardware === null
    ? `There is no hardware count: ${flops.reason}.`
    : `The hardware counted ${flopsOf(flops.hardware)} (${flops.event}).`;
  return {
    title: "Floating-point operations of training",
    blocks: [
      {
        kind: "table",
        table: {
          caption: "A multiply-add counts as two; only what was executed is counted",
          columns: ["operation", "FLOPs", "share (%)"],
          rows: [...rows, ["all", flopsOf(flops.counted), "100.00"]],
        },
      },
      {
        kind: "text",
        text: `That is ${flopsOf(flops.perSecond)} counted operations per second. ${hardware}`,
      },
    ],
  };
}

function timeTable({ seconds, peakMemoryBytes }: RunRecord): Table {
  // Records of earlier versions lack this value.
  const processor: number | undefined = seconds.cpu;
  return quantities([
    // If members are trained side by side, their times add up to more than the run's.
    [
      seconds.train <= seconds.total ? "training (s)" : "training of members side by side (s)",
      seconds.train.toFixed(2),
    ],
    ["of it topology changes (s)", seconds.topology.toFixed(2)],
    ["scoring (s)", seconds.evaluate.toFixed(2)],
    ["whole run (s)", seconds.total.toFixed(2)],
    ["processor time of all threads (s)", processor === undefined ? null : processor.toFixed(2)],
    ["peak memory (MB)", countOf(peakMemoryBytes / 1e6)],
  ]);
}
