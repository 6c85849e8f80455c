/**
 * Table 1: all models on Gesture Phase Segmentation and HIGGS, at several sparsities.
 *
 * @module
 */
import { CATALOGUE } from "../../data/catalogue.ts";
import type { MethodName } from "../../ensemble/settings.ts";
import { besidePublished } from "../../plots/beside_published.ts";
import { tInterval } from "../../statistics/intervals.ts";
import { mean, median } from "../../statistics/summary.ts";
import type { RunConfig } from "../run_config.ts";
import {
  deviationOrNull,
  meanOrNull,
  meanText,
  multiple,
  NOT_RUN,
  publishedText,
  signed,
} from "./cell_text.ts";
import type { DenseReference } from "./dense_reference.ts";
import {
  accuracies,
  accuracyBySeed,
  finishedRuns,
  kernelsText,
  troubleText,
} from "./evidence_runs.ts";
import type { Evidence, Experiment, RunLine, Selection } from "./experiment.ts";
import { compare, orderFinding, type Scores, UNTESTED, verdictSentence } from "./order_test.ts";
import {
  datasetTitle,
  ENSEMBLES,
  METHOD_NAMES,
  METHOD_ORDER,
  paperRun,
  PROPOSED,
  selectedMethods,
  SINGLE_RATES,
  SINGLES,
  sparsityText,
} from "./paper_configs.ts";
import { type PublishedRun, TABLE1, type Table1Dataset } from "./published.ts";
import type { Finding, Report, ReportTable } from "./report.ts";

/** A row of the table: a model, and what tells it from others of its method. */
interface Model {
  readonly method: MethodName;
  readonly epsilon: number | null;
  /** Set where the paper's learning rate is not the only one tried. */
  readonly learningRate: number | null;
}

/** How far below a published mean ours may lie, in points. */
const TOLERANCE = 1;

/** Table 1. */
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

/** The run of an ensemble in Table 1, which Tables 3 and 5 and the figures share. */
export function ensembleRun(
  dataset: string,
  method: MethodName,
  epsilon: number,
  seed: number,
  quick: boolean,
  refinement?: "plain" | "comprehensive",
): RunConfig {
  const settings = refinement === undefined ? {} : { refinement };
  return paperRun(dataset, { method, epsilon, seed, ...slope(dataset), ...settings }, quick);
}

/** The slope of All-ReLU on HIGGS (Table 6); that of Gesture Phase is the default. */
function slope(dataset: string): { alpha?: number } {
  return dataset === "higgs-subset" ? { alpha: 0.05 } : {};
}

/** The sparsest setting is not far from the densest; the singles are run at the middle one. */
function singleEpsilon({ epsilons }: Selection): number {
  return epsilons.includes(20) ? 20 : epsilons[0];
}

function modelsOf(selection: Selection): Model[] {
  return selectedMethods(selection).flatMap((method): Model[] => {
    if (ENSEMBLES.includes(method)) {
      return selection.epsilons.map((epsilon) => ({ method, epsilon, learningRate: null }));
    }
    if (SINGLES.includes(method)) {
      const epsilon = singleEpsilon(selection);
      return SINGLE_RATES.map((learningRate) => ({ method, epsilon, learningRate }));
    }
    return [{ method, epsilon: null, learningRate: null }];
  });
}

/** Dense networks take hours and the paper trained each once: the first seed is enough. */
function seedsOf({ epsilon }: Model, { seeds }: Selection): readonly number[] {
  return epsilon === null ? seeds.slice(0, 1) : seeds;
}

function configOf(
  { method, epsilon, learningRate }: Model,
  { datasets: [dataset], quick }: Selection,
): (seed: number) => RunConfig {
  return (seed) =>
    epsilon === null
      ? paperRun(dataset, { method, seed }, quick)
      : learningRate === null
      ? ensembleRun(dataset, method, epsilon, seed, quick)
      : paperRun(dataset, { method, epsilon, learningRate, seed, ...slope(dataset) }, quick);
}

function modelName({ method, learningRate }: Model): string {
  return `${METHOD_NAMES[method]}${learningRate === null ? "" : `, η = ${learningRate}`}`;
}

function publishedRun(dataset: string, { method, epsilon }: Model): PublishedRun | undefined {
  if (!Object.hasOwn(TABLE1, dataset)) return undefined;
  return TABLE1[dataset as Table1Dataset].runs.find((run) =>
    run.method === method && run.epsilon === epsilon
  );
}

/** A row with everything that is known of it. */
interface Row {
  readonly model: Model;
  readonly runs: readonly RunLine[];
  readonly accuracies: readonly number[];
  /** Weights and FLOPs as multiples of the dense network's; `null` where there is no run. */
  readonly weights: number | null;
  readonly weightsAsPublished: number | null;
  readonly flops: number | null;
  readonly minutes: number | null;
  readonly published: PublishedRun | undefined;
}

function rowOf(evidence: Evidence, model: Model, dense: DenseReference): Row {
  const { selection } = evidence;
  const runs = finishedRuns(evidence, seedsOf(model, selection).map(configOf(model, selection)));
  const { sizes } = dense;
  const output = sizes[sizes.length - 1] * sizes[sizes.length - 2];
  const sparse = model.epsilon !== null;
  // The paper counts biases in the dense model, and leaves the output layer out of the sparse ones.
  const leftOut = (run: RunLine) => sparse ? run.record.members.length * output : 0;
  const biases = (run: RunLine) => sparse ? 0 : run.record.members.length * dense.biases;
  const over = (values: number[]) => values.length === 0 ? null : mean(values);
  const isDense = model.method === "dense";
  return {
    model,
    runs,
    accuracies: accuracies(runs),
    weights: over(runs.map((run) => run.record.weights / dense.weights)) ?? (isDense ? 1 : null),
    weightsAsPublished: over(
      runs.map((run) =>
        (run.record.weights - leftOut(run) + biases(run)) / (dense.weights + dense.biases)
      ),
    ) ?? (isDense ? 1 : null),
    flops: over(runs.map((run) => run.record.flops.counted / dense.flops)) ?? (isDense ? 1 : null),
    minutes: runs.length === 0 ? null : median(runs.map((run) => run.record.seconds.train)) / 60,
    published: publishedRun(selection.datasets[0], model),
  };
}

function reportTable1(evidence: Evidence): Report {
  const { selection } = evidence;
  const [dataset] = selection.datasets;
  const dense = evidence.dense[dataset];
  const rows = modelsOf(selection).map((model) => rowOf(evidence, model, dense));
  const subset = CATALOGUE[dataset]?.extent === "subset";
  const findings = [...orderFindings(rows, selection), ...costFindings(rows)];
  if (!subset && !selection.quick && rows.some(({ published }) => published !== undefined)) {
    findings.push(levelFinding(rows));
  }
  const figure = rows.some(({ accuracies }) => accuracies.length > 0)
    ? [{
      kind: "figure" as const,
      name: "accuracy",
      caption: "Test accuracy with 95 % intervals over seeds (bars), and as published (diamonds)",
      spec: besidePublished(
        rows.map(figurePoint),
        "test accuracy [%]",
        datasetTitle(dataset),
      ),
    }]
    : [];
  return {
    title: `Table 1: all models on ${datasetTitle(dataset)}`,
    parts: [
      { kind: "text", text: introduction(evidence, dense, subset) },
      tableOf(rows, subset),
      ...figure,
      { kind: "text", text: notes(evidence, rows) },
      { kind: "text", text: `## Which statements hold\n\n${verdictSentence(findings)}` },
      { kind: "findings", findings },
    ],
  };
}

function introduction(evidence: Evidence, dense: DenseReference, subset: boolean): string {
  const { selection, runs } = evidence;
  const weights = dense.weights.toLocaleString("en");
  return [
    subset
      ? "These are some of the rows of the data set only: the numbers are no reproduction of the published ones, which stand beside them for orientation."
      : "",
    `Seeds ${selection.seeds.join(", ")} (dense models: ${
      selection.seeds[0]
    }); finished runs: ${runs.length}; kernels: ${kernelsText(evidence)}.`,
    `Sizes are multiples of the single dense model (${
      dense.sizes.join(" × ")
    }): ${weights} weights without biases, ` +
    `${
      dense.flops.toExponential(2)
    } training FLOPs, both worked out exactly and not measured, so that they stand whether or not the dense model was trained.`,
  ].filter((line) => line !== "").join(" ");
}

function tableOf(rows: readonly Row[], subset: boolean): ReportTable {
  return {
    kind: "table",
    name: "table1",
    title: "Ours beside the paper",
    columns: [
      "Model",
      "S",
      "Accuracy [%]: mean ± sd (n)",
      "paper",
      ...subset ? [] : ["difference"],
      "Weights",
      "paper",
      "Train FLOPs",
      "paper",
      "Train time [min], median",
      "paper",
    ],
    rows: rows.map(({ model, accuracies, weights, flops, minutes, published }) => [
      modelName(model),
      sparsityText(model.epsilon),
      meanText(accuracies, 1),
      published === undefined
        ? "–"
        : publishedText(published.accuracy, published.accuracyDeviation) +
          (published.marked ? " \\*" : ""),
      ...subset ? [] : [
        published === undefined || accuracies.length === 0
          ? "–"
          : signed(mean(accuracies) - published.accuracy),
      ],
      weights === null ? NOT_RUN : multiple(weights),
      published === undefined ? "–" : multiple(published.weights),
      flops === null ? NOT_RUN : multiple(flops),
      published === undefined ? "–" : multiple(published.flops),
      minutes === null ? NOT_RUN : minutes.toFixed(2),
      published === undefined ? "–" : published.minutes.toFixed(1),
    ]),
    data: rows.map(({ model, published, ...row }) => ({
      model: modelName(model),
      method: model.method,
      epsilon: model.epsilon,
      learningRate: model.learningRate,
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
  const asPublished = rows
    .filter(({ weightsAsPublished, published }) =>
      weightsAsPublished !== null && published !== undefined
    )
    .map(({ model, weightsAsPublished }) =>
      `${modelName(model)}${model.epsilon === null ? "" : ` at ε = ${model.epsilon}`} ${
        multiple(weightsAsPublished!)
      }`
    );
  return [
    "\\* marked in the paper as significantly better than EDST_RG at its sparsity.",
    "Weights are those of all members, the output layer included, without biases. " +
    (asPublished.length === 0
      ? ""
      : `Counted as the paper does (biases in the dense model, no output layer in the sparse ones): ${
        asPublished.join(", ")
      }.`),
    "FLOPs are counted exactly, two for a multiply-add; the paper's come from a hardware counter, so only the fractions compare.",
    "Training time is that of one process on one core with topology changes and without scoring; other work on the machine shows in it.",
    ...troubleText(evidence),
  ].join(" ");
}

/** Scores by seed and, where several are pooled, by ε. */
function scoresOf(
  rows: readonly Row[],
  method: MethodName,
  where: (model: Model) => boolean = () => true,
): Scores {
  return new Map(
    rows.filter(({ model }) => model.method === method && where(model)).flatMap((row) => [
      ...accuracyBySeed(row.runs, row.model.epsilon === null ? "" : `${row.model.epsilon}/`),
    ]),
  );
}

function orderFindings(rows: readonly Row[], selection: Selection): Finding[] {
  const has = (method: MethodName) => rows.some(({ model }) => model.method === method);
  const findings: Finding[] = [];
  const add = (claim: string, first: Scores, second: Scores) =>
    findings.push(orderFinding(claim, compare(first, second)));
  const single = singleEpsilon(selection);
  const atSingle = ({ epsilon }: Model) => epsilon === single;
  for (const method of PROPOSED) {
    if (!has(method) || !has("edst")) continue;
    const name = METHOD_NAMES[method];
    const { epsilons } = selection;
    add(
      `${name} is more accurate than EDST_RG, all ε together`,
      scoresOf(rows, method),
      scoresOf(rows, "edst"),
    );
    for (const epsilon of epsilons.length > 1 ? epsilons : []) {
      const here = (model: Model) => model.epsilon === epsilon;
      add(
        `${name} is more accurate than EDST_RG at ε = ${epsilon}`,
        scoresOf(rows, method, here),
        scoresOf(rows, "edst", here),
      );
    }
  }
  for (const method of SINGLES) {
    for (const rate of SINGLE_RATES) {
      if (!has(method) || !has("edst")) continue;
      add(
        `EDST_RG is more accurate than the ${
          METHOD_NAMES[method].replace("Single", "single")
        } with η = ${rate} at ε = ${single}`,
        scoresOf(rows, "edst", atSingle),
        scoresOf(rows, method, ({ learningRate }) => learningRate === rate),
      );
    }
  }
  for (const dense of ["dense", "dense-ensemble"] as const) {
    for (const method of PROPOSED) {
      if (!has(dense) || !has(method)) continue;
      const seedOnly = new Map(
        rows.filter(({ model }) => model.method === method && atSingle(model))
          .flatMap(({ runs }) => [...accuracyBySeed(runs)]),
      );
      add(
        `${METHOD_NAMES[method]} at ε = ${single} is more accurate than the ${
          METHOD_NAMES[dense].toLowerCase()
        }`,
        seedOnly,
        scoresOf(rows, dense),
      );
    }
  }
  return findings;
}

/** "Without any significant additional overhead in terms of training FLOPS and training time." */
function costFindings(rows: readonly Row[]): Finding[] {
  return PROPOSED.flatMap((method): Finding[] => {
    const pairs = rows.filter(({ model }) => model.method === method).flatMap((row) => {
      const edst = rows.find(({ model }) =>
        model.method === "edst" && model.epsilon === row.model.epsilon
      );
      return edst === undefined || row.flops === null || edst.flops === null
        ? []
        : [{ flops: row.flops / edst.flops, minutes: row.minutes! / edst.minutes! }];
    });
    if (!rows.some(({ model }) => model.method === method)) return [];
    const claim = `${METHOD_NAMES[method]} costs no more than EDST_RG: at most 5 % more FLOPs`;
    if (pairs.length === 0) {
      return [{ claim, verdict: "untested", evidence: UNTESTED }];
    }
    const most = Math.max(...pairs.map(({ flops }) => flops));
    const times = pairs.map(({ minutes }) => minutes);
    return [{
      claim,
      verdict: most <= 1.05 ? "holds" : "contradicted",
      evidence: `FLOPs at most ${most.toFixed(3)} times, training time ${
        Math.min(...times).toFixed(2)
      } to ${Math.max(...times).toFixed(2)} times that of EDST_RG at the same ε`,
    }];
  });
}

/** Whether the level of the published means is reached. */
function levelFinding(rows: readonly Row[]): Finding {
  const compared = rows.filter(({ accuracies, published }) =>
    accuracies.length > 0 && published !== undefined
  );
  const claim = `No mean is more than ${TOLERANCE.toFixed(1)} point below the published one`;
  if (compared.length === 0) {
    return { claim, verdict: "untested", evidence: "No run is finished" };
  }
  const gap = ({ accuracies, published }: Row) => mean(accuracies) - published!.accuracy;
  const below = compared.filter((row) => gap(row) < -TOLERANCE);
  const list = (those: readonly Row[]) =>
    those.map((row) =>
      `${modelName(row.model)}, ${sparsityText(row.model.epsilon)}: ${signed(gap(row))}`
    )
      .join("; ");
  const lowest = compared.reduce((least, row) => gap(row) < gap(least) ? row : least);
  return {
    claim,
    verdict: below.length === 0 ? "holds" : "contradicted",
    evidence: below.length === 0
      ? `The lowest of ${compared.length} is ${list([lowest])}`
      : `${below.length} of ${compared.length} means are lower: ${list(below)}`,
  };
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
