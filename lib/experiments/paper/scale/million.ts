import { processorSeconds } from "../../../counters/mod.ts";
import { load } from "../../../model/mod.ts";
import { node } from "../../../node.ts";
import { completeConfig, type RunConfig, runFiles, storedWeights } from "../../run/mod.ts";
import type { Experiment, MeasureContext, Selection } from "../experiment.ts";
import { measureMissing } from "../measure.ts";
import { datasetKeys } from "../paper_configs.ts";
import { reportMillion } from "./million_report.ts";
import { type ModelFile, modelName } from "./million_rows.ts";

/** Sizes of blocks. Size 1 is a single connection. */
export const BLOCK_SIZES = [1, 8] as const;

/** Hidden neurons of the curve of cost, from the smallest network to the largest. */
const SCALES = [1e3, 1e4, 1e5, 1e6, 1e7];

/** The table of the curve. It is narrow, so that only the network costs time. */
const CURVE_DATASET = "narrow";

const QUICK_SCALES = [100, 1000];

/**
 * Networks of three hidden layers with over a million neurons, trained by SET, and the cost of training
 * from 10³ to 10⁷ neurons. The first to train so many neurons on a common computer were S. Liu and others,
 * "Sparse evolutionary deep learning with over one million artificial neurons on commodity hardware",
 * Neural Computing and Applications 33, 2021, https://doi.org/10.1007/s00521-020-05136-7.
 */
export const million: Experiment = {
  name: "million",
  defaults: { datasets: ["wide", "bioresponse"], seeds: [1], epsilons: [1], methods: ["set"] },
  options: ["datasets", "seeds", "epsilons"],
  one: ["epsilons"],
  together: true,
  configs: configsOf,
  measurements: (selection) => configsOf(selection).map(modelName),
  measure: readModels,
  report: (evidence) =>
    reportMillion(evidence, {
      curve: curveConfigs(evidence.selection),
      trained: trainedConfigs(evidence.selection),
    }),
};

function configsOf(selection: Selection): RunConfig[] {
  return [...curveConfigs(selection), ...trainedConfigs(selection)];
}

/** Reads the model files of finished runs, and measures the cost. */
async function readModels(context: MeasureContext): Promise<void> {
  await measureMissing(
    context,
    configsOf(context.selection).flatMap((config) => {
      const folder = context.runFolder(config);
      if (folder === null) return [];
      const neurons = config.hidden.reduce((sum, size) => sum + size, 0);
      const what = `reading the model of ${neurons.toLocaleString("en")} neurons`;
      return [{ name: modelName(config), what, measure: () => readModel(runFiles(folder).model) }];
    }),
  );
}

function readModel(path: string): ModelFile {
  const { size } = node.fs.statSync(path);
  const began = processorSeconds();
  const { members } = load(path);
  const seconds = processorSeconds() - began;
  return {
    bytes: size,
    weights: members.flatMap(({ layers }) => layers)
      .reduce((sum, layer) => sum + storedWeights(layer), 0),
    seconds,
  };
}

/** The runs of the curve of cost: two epochs each. */
export function curveConfigs(selection: Selection): RunConfig[] {
  const dataset = selection.quick ? "segment" : CURVE_DATASET;
  return (selection.quick ? QUICK_SCALES : SCALES).flatMap((neurons) =>
    BLOCK_SIZES.map((blockSize) =>
      runOf(dataset, { neurons, blockSize, epochs: 2, seed: selection.seeds[0] }, selection)
    )
  );
}

/** The runs of over a million neurons, whose accuracy counts. */
export function trainedConfigs(selection: Selection): RunConfig[] {
  const { datasets, seeds, quick } = selection;
  const neurons = quick ? QUICK_SCALES[0] : 1e6;
  return datasets.flatMap((dataset) =>
    BLOCK_SIZES.flatMap((blockSize) =>
      seeds.map((seed) =>
        runOf(dataset, { neurons, blockSize, seed, ...trainingOf(dataset, quick) }, selection)
      )
    )
  );
}

/** The settings of a training that depend on the table. */
type Training =
  & Pick<RunConfig, "epochs">
  & Partial<
    Pick<
      RunConfig,
      "optimizer" | "learningRate" | "learningRateCurve" | "initializer" | "scaling"
    >
  >;

/** The settings of a network of over a million neurons. */
function trainingOf(dataset: string, quick: boolean): Training {
  if (quick) return { epochs: 4 };
  if (dataset !== "bioresponse") return { epochs: 10 };
  // Chosen on training rows with networks of ten and a hundred thousand neurons
  // (`results/million/choose.ts`). The reason is probably that with weights scaled by the fan-in, the
  // output layer, which sums over most neurons, allows a rate so low that other layers hardly learn. With
  // small weights and Adam, every layer learns at one rate. This was not measured.
  return {
    epochs: 20,
    optimizer: "adam",
    learningRate: 1e-3,
    learningRateCurve: "one-cycle",
    initializer: "normal",
    scaling: "quantile",
  };
}

/** The widths of the hidden layers: a third of the neurons each, and a multiple of every size of blocks. */
export function hiddenOf(neurons: number): number[] {
  const width = 16 * Math.ceil(neurons / 3 / 16);
  return [width, width, width];
}

function runOf(
  dataset: string,
  { neurons, ...settings }:
    & { readonly neurons: number; readonly blockSize: number; readonly seed: number }
    & Training,
  { epsilons: [epsilon], quick }: Selection,
): RunConfig {
  return completeConfig({
    ...datasetKeys(dataset),
    method: "set",
    hidden: hiddenOf(neurons),
    epsilon: quick ? epsilon / 10 : epsilon,
    // A neuron has few connections here. Weights scaled for a dense layer's fan-in would let no signal
    // through.
    fan: "sparse",
    scaling: "standard",
    dropout: 0,
    batchSize: 32,
    // The output sums over so many neurons that a usual learning rate would change it too much.
    learningRate: 2e-4,
    weightDecay: 0,
    // In the last epochs the topology no longer changes.
    evolveUntil: 0.6,
    onDivergence: "rollback",
    ...settings,
  });
}
