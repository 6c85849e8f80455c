/**
 * The numbers that the paper prints, as they are printed: P. R. D. van der Wal, N. Strisciuglio,
 * G. Azzopardi and D. C. Mocanu, "Multilayer perceptron ensembles in a truly sparse training
 * context", Neural Computing and Applications (2025).
 *
 * @module
 */
import type { MethodName } from "../../settings/mod.ts";

/** The data sets of Table 1, as the catalogue names them. */
export type Table1Dataset = "gesture-phase" | "higgs";

/** The data set of Table 1 that a data set of the catalogue is, or is a part of; `null` for others. */
export function publishedDataset(name: string): Table1Dataset | null {
  if (name === "gesture-phase") return name;
  return name === "higgs" || name === "higgs-subset" ? "higgs" : null;
}

/** A row of Table 1. Sizes are multiples of the single dense model's. */
export interface PublishedRun {
  /** The method. */
  readonly method: MethodName;
  /** The density control; `null` for dense models. */
  readonly epsilon: number | null;
  /** Test accuracy in percent: mean of three runs. */
  readonly accuracy: number;
  /** Its standard deviation; `null` for one run. */
  readonly accuracyDeviation: number | null;
  /** Weights. */
  readonly weights: number;
  /** Training FLOPs, counted by hardware. */
  readonly flops: number;
  /** Training time in minutes. */
  readonly minutes: number;
  /** Set where Table 1 marks it as significantly better than EDST_RG at its sparsity. */
  readonly marked: boolean;
}

/** Table 6: ε and the sparsity S that the paper gives for it in Table 1. */
export const SPARSITY: Readonly<Record<number, number>> = { 10: 0.98, 20: 0.95, 30: 0.93 };

type Row = readonly [
  method: MethodName,
  epsilon: number | null,
  accuracy: number,
  accuracyDeviation: number | null,
  weights: number,
  flops: number,
  minutes: number,
  marked?: "*",
];

const rows = (...list: Row[]): PublishedRun[] =>
  list.map(([method, epsilon, accuracy, accuracyDeviation, weights, flops, minutes, mark]) => ({
    method,
    epsilon,
    accuracy,
    accuracyDeviation,
    weights,
    flops,
    minutes,
    marked: mark === "*",
  }));

/** Table 1: Gesture Phase Segmentation and HIGGS. */
export const TABLE1: Readonly<
  Record<Table1Dataset, {
    /** The single dense model's weights, biases included. */
    readonly denseWeights: number;
    /** Its training FLOPs. */
    readonly denseFlops: number;
    /** All models. */
    readonly runs: readonly PublishedRun[];
  }>
> = {
  "gesture-phase": {
    denseWeights: 2_058_005,
    denseFlops: 1.71e13,
    runs: rows(
      ["dense", null, 54.9, null, 1, 1, 60.0],
      ["edst", 10, 71.2, 0.4, 0.12, 0.04, 19.2],
      ["edst", 20, 71.8, 0.2, 0.25, 0.07, 27.9],
      ["edst", 30, 71.0, 0.2, 0.37, 0.11, 37.0],
      ["rd", 10, 72.0, 0.4, 0.12, 0.04, 18.6],
      ["rd", 20, 73.1, 0.2, 0.25, 0.07, 32.3, "*"],
      ["rd", 30, 73.1, 0.3, 0.37, 0.11, 55.4, "*"],
      ["fd", 10, 71.9, 0.2, 0.12, 0.04, 21.5, "*"],
      ["fd", 20, 73.4, 0.7, 0.25, 0.07, 40.9, "*"],
      ["fd", 30, 74.8, 0.3, 0.37, 0.11, 82.1, "*"],
      ["dist", 10, 72.7, 0.5, 0.12, 0.04, 16.7, "*"],
      ["dist", 20, 72.8, 0.1, 0.25, 0.07, 24.7, "*"],
      ["dist", 30, 73.2, 0.3, 0.37, 0.11, 33.0, "*"],
      ["set", 20, 60.6, 0.7, 0.05, 0.07, 28.3],
      ["static", 20, 67.2, 0.7, 0.05, 0.07, 23.5],
      ["dense-ensemble", null, 54.0, null, 5, 5, 299.9],
    ),
  },
  "higgs": {
    denseWeights: 2_033_002,
    denseFlops: 2.28e14,
    runs: rows(
      ["dense", null, 57.1, null, 1, 1, 709.6],
      ["edst", 10, 64.2, 0.1, 0.12, 0.04, 273.8],
      ["edst", 20, 63.0, 0.1, 0.25, 0.07, 397.8],
      ["rd", 10, 64.7, 0.1, 0.12, 0.04, 273.3],
      ["rd", 20, 64.0, 0.2, 0.25, 0.07, 400.6, "*"],
      ["fd", 10, 64.7, 0.1, 0.12, 0.04, 274.0, "*"],
      ["fd", 20, 64.1, 0.3, 0.25, 0.07, 403.6, "*"],
      ["dist", 10, 64.7, 0.1, 0.12, 0.04, 275.4, "*"],
      ["dist", 20, 64.0, 0.1, 0.25, 0.07, 397.3, "*"],
      ["set", 20, 54.2, 0.2, 0.05, 0.07, 381.9],
      ["static", 20, 53.3, 0.6, 0.05, 0.07, 378.3],
      ["dense-ensemble", null, 60.4, null, 5, 5, 3561.5],
    ),
  },
};

/** Table 2: how many of the 14 data sets each model is best on, and the training time of all. */
export const TABLE2: readonly {
  readonly method: MethodName;
  readonly wins: number;
  readonly minutes: number;
}[] = [
  { method: "dense", wins: 0, minutes: 2011 },
  { method: "edst", wins: 2, minutes: 827 },
  { method: "rd", wins: 2.33, minutes: 899 },
  { method: "fd", wins: 2.33, minutes: 1010 },
  { method: "dist", wins: 6.33, minutes: 823 },
  { method: "set", wins: 1, minutes: 820 },
  { method: "static", wins: 0, minutes: 789 },
];

/** Table 3: test accuracy in percent without and with the Comprehensive Refinement Phase. */
export const TABLE3: Readonly<
  Record<
    Table1Dataset,
    readonly {
      readonly method: MethodName;
      readonly plain: number;
      readonly comprehensive: number;
    }[]
  >
> = {
  "gesture-phase": [
    { method: "rd", plain: 71.2, comprehensive: 72.6 },
    { method: "fd", plain: 73.9, comprehensive: 74.2 },
    { method: "dist", plain: 71.7, comprehensive: 73.4 },
  ],
  "higgs": [
    { method: "rd", plain: 63.7, comprehensive: 63.5 },
    { method: "fd", plain: 63.5, comprehensive: 63.7 },
    { method: "dist", plain: 63.5, comprehensive: 63.5 },
  ],
};

/** Table 4: seconds of a re-initialisation, and candidates drawn, by neurons of the square layer. */
export const TABLE4: readonly {
  readonly method: "rd" | "fd" | "dist";
  readonly neurons: number;
  readonly seconds: number;
  readonly secondsDeviation: number;
  readonly iterations: number | null;
  readonly iterationsDeviation: number | null;
}[] = ([
  ["rd", 1000, 0.081, 0.02, null, null],
  ["rd", 5000, 0.387, 0.03, null, null],
  ["rd", 10_000, 0.813, 0.08, null, null],
  ["rd", 15_000, 1.120, 0.09, null, null],
  ["fd", 1000, 0.082, 0.03, null, null],
  ["fd", 5000, 0.732, 0.16, null, null],
  ["fd", 10_000, 0.723, 0.07, null, null],
  ["fd", 15_000, 1.051, 0.05, null, null],
  ["dist", 1000, 11.65, 1.03, 109.8, 9.54],
  ["dist", 5000, 50.11, 8.47, 126.9, 17.2],
  ["dist", 10_000, 153.4, 16.9, 116.7, 13.4],
  ["dist", 15_000, 278.2, 19.9, 109.2, 6.70],
] as const).map((
  [method, neurons, seconds, secondsDeviation, iterations, iterationsDeviation],
) => ({
  method,
  neurons,
  seconds,
  secondsDeviation,
  iterations,
  iterationsDeviation,
}));

/**
 * Table 5: accuracies in percent on 30 bootstrapped test sets, and the one-tailed Wilcoxon test
 * against EDST_RG; `null` for EDST_RG itself.
 */
export const TABLE5: Readonly<
  Record<
    Table1Dataset,
    readonly {
      readonly method: MethodName;
      readonly epsilon: number;
      readonly accuracy: number;
      readonly accuracyDeviation: number;
      readonly statistic: number | null;
      readonly pValue: number | null;
    }[]
  >
> = {
  "gesture-phase": table5(
    ["edst", 10, 70.5, 1.1, null, null],
    ["rd", 10, 70.4, 0.9, 300, 0.92],
    ["fd", 10, 70.7, 1.0, 115, 2.2e-2],
    ["dist", 10, 71.0, 1.1, 46, 1.7e-4],
    ["edst", 20, 70.8, 0.9, null, null],
    ["rd", 20, 72.2, 0.9, 0, 8.6e-7],
    ["fd", 20, 71.4, 1.0, 14, 5.0e-6],
    ["dist", 20, 71.9, 1.1, 0, 1.9e-6],
    ["edst", 30, 70.3, 0.8, null, null],
    ["rd", 30, 72.0, 0.7, 0, 8.2e-7],
    ["fd", 30, 72.5, 0.9, 0, 8.4e-7],
    ["dist", 30, 72.2, 0.8, 0, 8.5e-7],
  ),
  "higgs": table5(
    ["edst", 10, 64.2, 0.2, null, null],
    ["rd", 10, 64.1, 0.2, 202, 0.99],
    ["fd", 10, 64.2, 0.2, 51, 3.6e-2],
    ["dist", 10, 64.3, 0.2, 51, 1.9e-2],
    ["edst", 20, 63.2, 0.2, null, null],
    ["rd", 20, 63.5, 0.2, 0, 1.6e-6],
    ["fd", 20, 63.7, 0.2, 0, 7.8e-7],
    ["dist", 20, 63.6, 0.2, 0, 1.2e-6],
  ),
};

function table5(
  ...list: (readonly [MethodName, number, number, number, number | null, number | null])[]
) {
  return list.map(([method, epsilon, accuracy, accuracyDeviation, statistic, pValue]) => ({
    method,
    epsilon,
    accuracy,
    accuracyDeviation,
    statistic,
    pValue,
  }));
}
