/**
 * Truly sparse neural network ensembles: a table goes in, a sparse ensemble comes out.
 *
 * The names below are those that a person with a table or a model needs. Everything else is in namespaces,
 * one per room of the library: `sparse`, `topology`, `methods`, `statistics` and so on. With an import map,
 * each namespace is also a module: `@sparsemble/sparsemble/topology`.
 *
 * Importing has no effects and needs no permission.
 *
 * @example From a table to predictions
 * ```ts
 * import { datasetFromArrays, fit, predict } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const features = Array.from({ length: 400 }, (_, row) => [row % 20, Math.floor(row / 20)]);
 * const labels = features.map(([x]) => x < 10 ? "left" : "right");
 * const model = await fit(datasetFromArrays({ features, labels }), { hidden: [32, 32], epsilon: 8 });
 * assert.deepEqual(predict(model, [[1, 5], [18, 5]]), ["left", "right"]);
 * ```
 *
 * @example A sparse matrix
 * ```ts
 * import { randomStream, sparse } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const density = sparse.density(20, 1000, 1000);
 * const pattern = sparse.erdosRenyi(1000, 1000, density, randomStream(1, "topology"));
 * assert.ok(Math.abs(sparse.nnz(pattern) - 40_000) < 1000);
 * ```
 *
 * @module
 */
export {
  builtinDatasetPath,
  type Dataset,
  datasetFromArrays,
  datasetFromTable,
  readDataset,
  readFeatures,
  splitDataset,
} from "./lib/data/mod.ts";
export {
  fit,
  type FitOptions,
  StrategyError,
  TrainingDiverged,
  type TrainingEvent,
} from "./lib/ensemble/mod.ts";
export {
  type Importance,
  importance,
  inspectModel,
  load,
  type Model,
  openPredictor,
  predict,
  type Predictor,
  predictProba,
  predictValues,
  type RegressionScore,
  save,
  type Score,
  score,
  scoreMembers,
  scoreRegression,
} from "./lib/model/mod.ts";
export { type FeatureSelection, selectFeatures, type SelectOptions } from "./lib/selection/mod.ts";
export { fitFile, type FitFileOptions } from "./lib/streams/mod.ts";
export { type RawRows } from "./lib/prediction/mod.ts";
export { type MethodName, METHODS } from "./lib/methods/mod.ts";
export { completeSettings, type Settings } from "./lib/settings/mod.ts";
export { type TopologyStrategy } from "./lib/topology/mod.ts";
export { resumeRun, type RunConfig, type RunResult, startRun } from "./lib/experiments/mod.ts";
export { chooseKernels, type Kernels, openKernels } from "./lib/kernels/mod.ts";
export { display, displayTable } from "./lib/reports/mod.ts";
export { type Random, randomStream } from "./lib/random.ts";

/** Files that are never half written: atomic writes, locks, digests, and the safetensors format. */
export * as files from "./lib/files/mod.ts";
/** The kernels: the bulk arithmetic of the library, in WebAssembly, native code, or plain TypeScript. */
export * as kernels from "./lib/kernels/mod.ts";
/** Sparse matrices in compressed form: patterns, blocks, random patterns, and draws among free positions. */
export * as sparse from "./lib/sparse/mod.ts";
/** The multilayer perceptron: layers, activations, losses, optimisers, one step of training. */
export * as nn from "./lib/nn/mod.ts";
/** Topology changes: pruning, growth, and rewiring. Only `rewire.ts` changes the topology of a layer. */
export * as topology from "./lib/topology/mod.ts";
/** The methods of sparse training, one per file: which connections are pruned, and where new ones grow. */
export * as methods from "./lib/methods/mod.ts";
/** The settings of a run, the defaults that each recipe gives them, and their checks. */
export * as settings from "./lib/settings/mod.ts";
/** Training one network: batches, learning rates, the schedule of an ensemble, evaluation. */
export * as training from "./lib/training/mod.ts";
/** Predictions of ensembles: mean probabilities, their calibration and scores, and members' diversity. */
export * as prediction from "./lib/prediction/mod.ts";
/** The trained model: its content, its file, its predictions and its score. */
export * as model from "./lib/model/mod.ts";
/** Training ensembles: members from one training run or from independent ones, trials, checkpoints, `fit`. */
export * as ensemble from "./lib/ensemble/mod.ts";
/** Tables larger than memory: rows in a file of blocks, preprocessing in one pass, training in windows. */
export * as streams from "./lib/streams/mod.ts";
/** Exports: a trained model as files that predict without this library. */
export * as exports from "./lib/exports/mod.ts";
/** Autoencoders, which learn to reproduce their inputs: training, files, codes. */
export * as autoencoder from "./lib/autoencoder/mod.ts";
/** Feature selection: the columns of a table that are worth keeping. */
export * as selection from "./lib/selection/mod.ts";
/** Tables: what a data set is, the formats it is read from, its preprocessing, the paper's data. */
export * as data from "./lib/data/mod.ts";
/** Statistics of results: summaries, intervals, tests, ranks. Pure functions of numbers. */
export * as statistics from "./lib/statistics/mod.ts";
/** Floating-point operations, counted by formulas and, with libpapi, by the processor. */
export * as counters from "./lib/counters/mod.ts";
/** Figures of plain numbers as Vega-Lite specifications, SVG or PNG. */
export * as plots from "./lib/plots/mod.ts";
/** Documents of text, tables and figures: HTML pages, Markdown files, and displays in notebooks. */
export * as reports from "./lib/reports/mod.ts";
/** Experiments: one run, many runs, their results, comparisons, and the paper's tables and figures. */
export * as experiments from "./lib/experiments/mod.ts";
/** Seeded streams of random numbers, one for each purpose; their state can be saved. */
export * as random from "./lib/random.ts";
