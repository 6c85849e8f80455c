import { besidePublished } from "../../../plots/mod.ts";
import { mean, tInterval } from "../../../statistics/mod.ts";
import {
  type Column,
  deviationOrNull,
  type MarkdownReport,
  meanOrNull,
  meanText,
  multiple,
  NOT_RUN,
  publishedText,
  type ReportTable,
  signed,
  tableOf,
  textOr,
} from "../../../reports/mod.ts";
import type { DenseReference } from "../dense_reference.ts";
import { kernelsText, troubleText } from "../evidence_runs.ts";
import type { Evidence, Experiment } from "../experiment.ts";
import { findingParts } from "../paired_order.ts";
import {
  datasetTitle,
  isSubset,
  METHOD_ORDER,
  modelName,
  paperRun,
  SCHEDULES,
  sparsityText,
} from "../paper_configs.ts";
import { costFindings, levelFinding, table1Orders } from "./table1_findings.ts";
import { configOf, modelsOf, type Row, rowsOf, seedsOf } from "./table1_rows.ts";

/** Table 1: all models on Gesture Phase Segmentation and HIGGS, at several sparsities. */
export const table1: Experiment = {
  name: "table1",
  defaults: {
    datasets: ["gesture-phase"],
    seeds: [1, 2, 3],
    epsilons: [10, 20, 30],
    methods: METHOD_ORDER,
  },
  options: ["datasets", "seeds", "epsilons", "methods"],
  together: false,
  configs: (selection) =>
    modelsOf(selection).flatMap((model) =>
      seedsOf(model, selection).map(configOf(model, selection))
    ),
  denseRuns: ({ datasets: [dataset], seeds: [seed], quick }) => ({
    [dataset]: paperRun(dataset, { method: "dense", seed }, quick),
  }),
  report: (evidence) => reportTable1(evidence),
};

function reportTable1(evidence: Evidence): MarkdownReport {
  const { selection } = evidence;
  const [dataset] = selection.datasets;
  const dense = evidence.dense[dataset];
  const rows = rowsOf(evidence, dense);
  const subset = isSubset(dataset);
  const findings = [...table1Orders(rows, selection), ...costFindings(rows)];
  if (!subset && !selection.quick && rows.some(({ published }) => published !== undefined)) {
    findings.push(levelFinding(rows));
  }
  const isDrawn = rows.some(({ accuracies }) => accuracies.length > 0);
  return {
    title: `Table 1: all models on ${datasetTitle(dataset)}`,
    parts: [
      { kind: "text", text: introduction(evidence, dense, subset) },
      mainTable(rows, subset),
      ...!isDrawn ? [] : [{
        kind: "figure" as const,
        name: "accuracy",
        caption: "Test accuracy with 95 % intervals over seeds (bars), and as published (diamonds)",
        spec: besidePublished(rows.map(figurePoint), "test accuracy [%]", datasetTitle(dataset)),
      }],
      { kind: "text", text: notes(evidence, rows) },
      ...findingParts(findings),
    ],
  };
}

function introduction(evidence: Evidence, dense: DenseReference, subset: boolean): string {
  const { selection, runs } = evidence;
  const weights = dense.weights.toLocaleString("en");
  const flops = dense.flops.toExponential(2);
  return [
    ...!subset ? [] : [
      "These are some of the rows of the data set only: the numbers are no reproduction of the published ones, which stand beside them for orientation.",
    ],
    `Seeds ${selection.seeds.join(", ")} (dense models: ${selection.seeds[0]}); ` +
    `finished runs: ${runs.length} of ${table1.configs(selection).length}; kernels: ${
      kernelsText(evidence)
    }.`,
    `Sizes are multiples of the single dense model (${dense.sizes.join(" × ")}): ` +
    `${weights} weights without biases, ${flops} training FLOPs, both worked out exactly and not measured, so that they stand whether or not the dense model was trained.`,
  ].join(" ");
}

function mainTable(rows: readonly Row[], subset: boolean): ReportTable {
  const difference: Column<Row, string> = [
    "difference",
    ({ accuracies, published }) =>
      published === undefined || accuracies.length === 0
        ? "–"
        : signed(mean(accuracies) - published.accuracy),
  ];
  return {
    kind: "table",
    name: "table1",
    title: "Ours beside the paper",
    ...tableOf<Row, string>(rows, [
      ["Model", ({ model }) => modelName(model)],
      ["S", ({ model }) => sparsityText(model.epsilon)],
      ["Accuracy [%]: mean ± sd (n)", ({ accuracies }) => meanText(accuracies, 1)],
      [
        "paper",
        ({ published }) =>
          publishedText(published?.accuracy, published?.accuracyDeviation) +
          (published?.marked ? " \\*" : ""),
      ],
      ...subset ? [] : [difference],
      ["Weights", ({ weights }) => textOr(NOT_RUN, weights, multiple)],
      ["paper", ({ published }) => textOr("–", published?.weights, multiple)],
      ["Train FLOPs", ({ flops }) => textOr(NOT_RUN, flops, multiple)],
      ["paper", ({ published }) => textOr("–", published?.flops, multiple)],
      ["Train time [min], median", ({ minutes }) => minutes?.toFixed(2) ?? NOT_RUN],
      ["paper", ({ published }) => published?.minutes.toFixed(1) ?? "–"],
    ]),
    data: rows.map(({ model, published, ...row }) => ({
      model: modelName(model),
      method: model.method,
      epsilon: model.epsilon,
      learningRate: model.learningRate,
      refinement: model.refinement,
      runs: row.runs.length,
      accuracy: meanOrNull(row.accuracies),
      accuracyDeviation: deviationOrNull(row.accuracies),
      publishedAccuracy: published?.accuracy ?? null,
      publishedAccuracyDeviation: published?.accuracyDeviation ?? null,
      weights: row.weights,
      weightsAsPublished: row.weightsAsPublished,
      publishedWeights: published?.weights ?? null,
      flops: row.flops,
      publishedFlops: published?.flops ?? null,
      minutes: row.minutes,
      publishedMinutes: published?.minutes ?? null,
    })),
  };
}

function notes(evidence: Evidence, rows: readonly Row[]): string {
  const asPublished = rows.flatMap(({ model, weightsAsPublished, published }) => {
    if (weightsAsPublished === null || published === undefined) return [];
    const where = model.epsilon === null ? "" : ` at ε = ${model.epsilon}`;
    return [`${modelName(model)}${where} ${multiple(weightsAsPublished)}`];
  });
  const minutes = evidence.runs.reduce((sum, { record }) => sum + record.seconds.cpu, 0) / 60;
  return [
    ...rows.some(({ model }) => model.refinement !== null) ? [SCHEDULES] : [],
    ...decayText(rows),
    ...rows.some(({ model, published }) => model.learningRate !== null && published === undefined)
      ? ["At learning rates that the paper does not have, nothing of it stands beside ours."]
      : [],
    "\\* marked in the paper as significantly better than EDST_RG at its sparsity.",
    "Weights are those of all members, the output layer included, without biases. " +
    (asPublished.length === 0
      ? ""
      : "Counted as the paper does (biases in the dense model, no output layer in the sparse ones): " +
        `${asPublished.join(", ")}.`),
    "FLOPs are counted exactly, two for a multiply-add; the paper's come from a hardware counter, so only the fractions compare.",
    "Training time is the processor's, of the whole run on one core: reading the table, topology changes, the choice of members and scoring included.",
    ...evidence.runs.length === 0 ? [] : [
      `All ${evidence.runs.length} runs together took ${minutes.toFixed(1)} minutes of one core.`,
    ],
    ...troubleText(evidence),
  ].join(" ");
}

/**
 * The decay takes the same share of a weight at every step. The smaller η is, the larger the decay is in
 * relation to the gradient.
 */
function decayText(rows: readonly Row[]): string[] {
  const dense = rows.filter(({ model, runs }) => model.method === "dense" && runs.length > 0);
  if (dense.length < 2) return [];
  const [{ weightDecay, momentum }] = dense[0].runs.map(({ config }) => config);
  const penalties = dense.map(({ model: { learningRate: rate } }) =>
    `${Number((weightDecay * (1 - momentum) / rate!).toPrecision(3))} at η = ${rate}`
  );
  return [
    `Every step takes ${weightDecay} of every weight away, whatever η is, as in the paper. With a ` +
    `momentum of ${momentum} that is an L2 penalty of ${penalties.join(", ")}: the dense model ` +
    `with the paper's η learns under the strongest.`,
  ];
}

function figurePoint({ model, accuracies, published }: Row) {
  const interval = accuracies.length > 1 ? tInterval(accuracies) : null;
  return {
    label: `${modelName(model)}${model.epsilon === null ? "" : `, ε = ${model.epsilon}`}`,
    ours: meanOrNull(accuracies),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    published: published?.accuracy ?? null,
  };
}
