/**
 * The speed of an ensemble's predictions, from raw columns to probabilities.
 *
 * @module
 */
import {
  addFlops,
  type FlopCount,
  layerSizeOf,
  noFlops,
  predictionFlops,
} from "../counters/mod.ts";
import { fitPreprocessing, preprocess } from "../data/preprocessing/mod.ts";
import { datasetFromArrays } from "../data/table/mod.ts";
import { type Model, openPredictor, predictProba } from "../model/mod.ts";
import { initialLayers } from "../nn/mod.ts";
import { ensembleOutputs, openEnsemble } from "../prediction/mod.ts";
import { randomStream } from "../random.ts";
import { activationOf, defaultSettings } from "../settings/mod.ts";
import {
  type BackEnds,
  fillRandom,
  measure,
  type MeasureOptions,
  type Quartiles,
  quartiles,
  type WorkFlops,
  workFlops,
} from "./measuring/mod.ts";
import { PAPER_SIZES } from "./training_step.ts";

const MEMBERS = 5;
const EPSILON = 20;
/** The number of rows of the batched prediction. */
const ROWS = 2048;

/** The speed of predictions on one back end. */
export interface InferenceSpeed {
  readonly backEnd: string;
  /** Milliseconds for one row, with the members in kernel memory. */
  readonly oneRow: Quartiles;
  /** Milliseconds for one row by a predictor that is opened for it and closed after it. */
  readonly oneRowUnopened: Quartiles;
  /**
   * Milliseconds for one row by `predictProba`, which keeps the members in kernel memory. Older records
   * lack it: they have the time of `predictProba`, which opened them every time, in `oneRowUnopened`.
   */
  readonly oneRowByModel?: Quartiles | undefined;
  /** Rows per second in batches. */
  readonly rowsPerSecond: Quartiles;
  /** The operations of all members for one row, and for all rows of the batched prediction. */
  readonly flops: { readonly oneRow: WorkFlops; readonly manyRows: WorkFlops };
}

/** An untrained ensemble of the paper's size. It predicts as fast as a trained one. */
export function paperModel(sizes: readonly number[] = PAPER_SIZES): Model {
  const settings = { ...defaultSettings("fd"), epsilon: EPSILON };
  const columns = sizes[0];
  const members = Array.from({ length: MEMBERS }, (_, replica) => ({
    layers: initialLayers({ ...settings, sizes, seed: 1, replica }),
    epoch: 1,
    validationAccuracy: null,
  }));
  const classes = Array.from({ length: sizes[sizes.length - 1] }, (_, code) => `${code}`);
  const dataset = datasetFromArrays({
    features: randomRows(64, columns),
    columns,
    labels: Array.from({ length: 64 }, (_, row) => row % classes.length),
    classes,
  });
  const preprocessing = fitPreprocessing(dataset, { scaling: settings.scaling });
  return { members, settings, preprocessing, classes, target: "class" };
}

/** Measures predictions of the paper's ensemble on all back ends in turn. */
export function inferenceSpeeds({ present }: BackEnds, options: MeasureOptions): InferenceSpeed[] {
  const model = paperModel();
  const columns = model.preprocessing.featureNames.length;
  const one = randomRows(1, columns);
  const many = randomRows(ROWS, columns);
  // A model is resident for one back end at a time.
  const models = new Map(present.map(({ name }) => [name, { ...model }]));
  using stack = new DisposableStack();
  const opened = present.map(({ name, kernels }) => ({
    name,
    kernels,
    ensemble: stack.use(openEnsemble(model.members, activationOf(model.settings), kernels)),
  }));
  const cases = opened.flatMap(({ name, kernels, ensemble }): [string, () => unknown][] => {
    const through = (rows: Float32Array, count: number) => () =>
      ensembleOutputs(ensemble, preprocess(model.preprocessing, rows, count, columns), count);
    return [
      [`${name} one`, through(one, 1)],
      [`${name} unopened`, () => {
        using predictor = openPredictor(model, kernels);
        return predictor.predictProba(one);
      }],
      [`${name} model`, () => predictProba(models.get(name)!, one, kernels)],
      [`${name} many`, through(many, ROWS)],
    ];
  });
  const measured = measure(Object.fromEntries(cases), options);
  const samples = (name: string, key: string) => measured[`${name} ${key}`].samples;
  return opened.map(({ name }) => ({
    backEnd: name,
    oneRow: quartiles(samples(name, "one")),
    oneRowUnopened: quartiles(samples(name, "unopened")),
    oneRowByModel: quartiles(samples(name, "model")),
    rowsPerSecond: quartiles(samples(name, "many").map((ms) => ROWS / ms * 1000)),
    flops: {
      oneRow: workFlops(modelFlops(model, 1), measured[`${name} one`]),
      manyRows: workFlops(modelFlops(model, ROWS), measured[`${name} many`]),
    },
  }));
}

function modelFlops({ members }: Model, rows: number): FlopCount {
  const sum = noFlops();
  for (const { layers } of members) addFlops(sum, predictionFlops(layers.map(layerSizeOf), rows));
  return sum;
}

function randomRows(rows: number, columns: number): Float32Array {
  const features = new Float32Array(rows * columns);
  fillRandom(features, randomStream(rows, "benchmark rows"));
  return features;
}
