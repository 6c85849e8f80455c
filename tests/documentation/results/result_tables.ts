/**
 * The tables of README.md and results/README.md, computed from the records.
 *
 * @module
 */
import { readComparison } from "../../../lib/experiments/comparison/comparison_folder.ts";
import { summarizeComparison } from "../../../lib/experiments/comparison/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { comparison, fixed, gain, record, type RecordOfAny, spread } from "../records.ts";

/** The methods of the comparison, as columns. */
export const CONTENDERS = {
  modern: "Sparsemble, modern",
  tuned: "LightGBM, tuned in as many seconds",
  CatBoost: "CatBoost",
  LightGBM: "LightGBM",
  HGB: "HistGradientBoosting",
  XGBoost: "XGBoost",
  RF: "RandomForest (300)",
  ET: "ExtraTrees (300)",
};

/** The comparison over all data sets, under the names of the page: quality, and the mean of the seconds. */
export function overallTable(names: Readonly<Record<string, string>>): string[][] {
  const { overall, perDataset } = comparison("comparison");
  return overall.filter(({ name }) => names[name] !== undefined)
    .map(({ name, meanScore, meanLogLoss, meanRank }) => [
      names[name],
      `${fixed(100 * meanScore, 1)} %`,
      fixed(meanLogLoss!, 3),
      fixed(meanRank, 2),
      secondsText(meanSeconds(perDataset, name)),
    ]);
}

/** The mean over data sets of a method's processor seconds of fitting, each the median of its seeds. */
export function meanSeconds(
  perDataset: ReturnType<typeof comparison>["perDataset"],
  method: string,
): number {
  const own = perDataset.filter(({ name }) => name === method);
  return own.reduce((sum, { medians }) => sum + medians.fitSeconds, 0) / own.length;
}

/** Seconds as pages write them. */
export function secondsText(seconds: number): string {
  return fixed(seconds, seconds < 1 ? 2 : 1);
}

/** The comparison on every data set. */
export function datasetTable(): string[][] {
  const { perDataset, datasets } = comparison("comparison");
  return datasets.toSorted().map((dataset) => {
    const of = (name: string) =>
      perDataset.find((score) => score.dataset === dataset && score.name === name)!;
    const { density, weights, flops, fitSeconds, modelBytes } = of(CONTENDERS.modern).medians;
    return [
      dataset,
      ...Object.values(CONTENDERS).map((name) => fixed(100 * of(name).score.estimate, 1)),
      `${fixed(100 * density!, 1)} %`,
      `${fixed(weights! / 1e6, 2)} M`,
      fixed(flops! / 1e12, 1),
      fixed(fitSeconds, 1),
      fixed(modelBytes / 1e6, 1),
    ];
  });
}

/** A comparison on tables that are not the paper's: accuracy in percent, or R² of numbers, and seconds. */
export function newerTable(name: string): string[][] {
  const { scores } = readComparison(`${ROOT}results/${name}`);
  const { perDataset, datasets } = summarizeComparison(scores);
  const isNumbers = scores.some(({ task }) => task === "regression");
  return datasets.map((dataset) => {
    const of = (method: string) =>
      perDataset.find((score) => score.dataset === dataset && score.name === method)!;
    return [
      dataset.replace("_train", "").replaceAll("_", "-"),
      ...Object.values(CONTENDERS).map((method) => {
        const { estimate } = of(method).score;
        return isNumbers ? fixed(estimate, 3) : fixed(100 * estimate, 1);
      }),
      secondsText(of(CONTENDERS.modern).medians.fitSeconds),
      secondsText(of(CONTENDERS.CatBoost).medians.fitSeconds),
    ];
  });
}

/** The rows of the ablation beside its base, as the page names them. */
export const ABLATION: Readonly<Record<string, string>> = {
  "Sparsemble, modern": "trials, which choose frequencies and dropout",
  "Quantiles within ±3": "quantiles within ±3 in place of ±5.2",
  "One member": "one member",
  "Four members": "four members",
  "Topology as drawn": "topology as drawn, never evolving",
  "No sines": "no sines",
  "Min-max scaling": "min-max scaling in place of quantiles",
  "No dropout": "no dropout",
  "No label smoothing": "no label smoothing",
  "SGD, η 0.1": "SGD, η 0.1, in place of Adam",
  "Batches of 256, η 0.02": "batches of 256 rows, η 0.02",
  "No blocks": "no blocks: every neuron has inputs of its own",
  "Three layers": "three hidden layers",
  "Twice the epochs": "twice the epochs",
  "Growth by gradient (RigL)": "growth by gradient (RigL)",
  "One run, FD": "members from one run (FD-TSE)",
};

/** What the parts of the modern recipe give: points of accuracy, and log loss. */
export function ablationTable(): string[][] {
  const { overall } = comparison("ablation");
  const base = overall.find(({ name }) => name.startsWith("Base"))!;
  return overall.filter(({ name }) => !name.startsWith("Base"))
    .toSorted((a, b) => b.meanScore - a.meanScore)
    .map(({ name, meanScore, meanLogLoss }) => [
      ABLATION[name],
      gain(100 * (meanScore - base.meanScore)),
      gain(meanLogLoss! - base.meanLogLoss!, 4),
    ]);
}

/** The log loss of calibrated probabilities. */
export function calibrationTable(names: Readonly<Record<string, string>>): string[][] {
  return comparison("calibration").overall
    .toSorted((a, b) => a.meanLogLoss! - b.meanLogLoss!)
    .map(({ name, meanLogLoss }) => [names[name], fixed(meanLogLoss!, 3)]);
}

/** What table 1 calls its models, without their learning rate. */
const MODELS: Readonly<Record<string, string>> = {
  edst: "EDST with random growth",
  rd: "RD-TSE",
  fd: "FD-TSE",
  dist: "Dist-TSE, λ = 1.5",
  set: "SET-MLP",
  static: "static sparse",
  dense: "dense",
  "dense-ensemble": "dense ensemble",
};

/**
 * Table 1 as far as it is run, from the least dense to the densest; stored weights as a share of one
 * network's.
 */
export function gesturePhaseTable(): string[][] {
  const { tables: { table1 } } = record("table1/gesture-phase/table1.json");
  const rank = ({ method, epsilon, learningRate }: RecordOfAny) =>
    method.startsWith("dense") ? 200 : learningRate !== null ? 100 : epsilon;
  const run = table1.filter(({ runs }: RecordOfAny) => runs > 0);
  return run.toSorted((a: RecordOfAny, b: RecordOfAny) => rank(a) - rank(b)).map(
    (row: RecordOfAny) => {
      const { method, epsilon, learningRate, refinement, minutes } = row;
      const published = row.publishedAccuracy !== null;
      const members = ["set", "static", "dense"].includes(method) ? 1 : 5;
      const share = 100 * row.weights / members;
      return [
        MODELS[method] + (refinement === null ? "" : `, ${refinement}`) +
        (learningRate === null ? "" : `, η = ${learningRate}`),
        String(epsilon ?? ""),
        `${fixed(share, share < 100 ? 1 : 0)} %`,
        `${spread(row.accuracy, row.accuracyDeviation)} (${row.runs})`,
        published ? spread(row.publishedAccuracy, row.publishedAccuracyDeviation) : "",
        fixed(minutes, minutes < 10 ? 2 : 1),
        published ? fixed(row.publishedMinutes, 1) : "",
      ];
    },
  );
}

/** The heads of the benchmark: the other libraries with the versions that were measured. */
export function speedHead(): string[] {
  const { speeds } = record("bench/bench.json").results.peers;
  const version = (name: string) => {
    const { library } = speeds.find(({ library }: RecordOfAny) => library.startsWith(name));
    return /^\S+ \d+\.\d+/.exec(library)![0];
  };
  const others = ["PyTorch", "SparseLab", "SparseProp", "SciPy", "scikit-learn", "TensorFlow.js"];
  return [
    "",
    "native, G = 8",
    "native",
    "WebAssembly, G = 8",
    "WebAssembly",
    ...others.map(version),
  ];
}

/** The benchmark of kernels and other libraries, in milliseconds. */
export function speedTable(): string[][] {
  const { speeds } = record("bench/bench.json").results.peers;
  const cell = (work: string, library: RegExp) => {
    const found = speeds.find((speed: RecordOfAny) =>
      speed.work === work && library.test(speed.library)
    );
    return found === undefined ? "" : milliseconds(found.ms.median);
  };
  return [
    ["sparse forward", "sparse forward"],
    ["sparse forward + backward", "sparse forward + backward"],
    ["dense forward + backward", "dense forward + backward"],
    ["step of the paper's net", "sparse training step"],
    ["the same, dense", "dense training step"],
  ].map(([title, work]) => [
    title,
    cell(work, /^native, G = 8$/),
    cell(work, /^native$/),
    cell(work, /^wasm, G = 8$/),
    cell(work, /^wasm$/),
    cell(work, /^PyTorch/),
    cell(work, /^SparseLab/),
    cell(work, /^SparseProp/),
    cell(work, /^SciPy/),
    cell(work, /^scikit-learn/),
    cell(work, /^TensorFlow/),
  ]);
}

function milliseconds(ms: number): string {
  return fixed(ms, ms < 8 ? 2 : ms < 100 ? 1 : 0);
}
