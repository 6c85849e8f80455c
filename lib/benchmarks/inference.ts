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
  /** G, the size of the members' blocks. It is missing in older records, whose members have no blocks. */
  readonly blockSize?: number | undefined;
  /** Milliseconds for one row, with the members in kernel memory. */
  readonly oneRow: Quartiles;
  /** Milliseconds for one row by a predictor that is opened and closed for this row. */
  readonly oneRowUnopened: Quartiles;
  /**
   * Milliseconds for one row by `predictProba`, which keeps the members in kernel memory. It is missing in
   * older records. There `predictProba` opened the members in every call, and its time is in
   * `oneRowUnopened`.
   */
  readonly oneRowByModel?: Quartiles | undefined;
  /** Rows per second in batches. */
  readonly rowsPerSecond: Quartiles;
  /** The operations of all members for one row, and for all rows of the batched prediction. */
  readonly flops: { readonly oneRow: WorkFlops; readonly manyRows: WorkFlops };
}

/**
 * An untrained ensemble of the paper's size. It predicts as fast as a trained one.
 *
 * @param blockSize G: the size of blocks.
 */
export function paperModel(sizes: readonly number[] = PAPER_SIZES, blockSize = 1): Model {
  const settings = { ...defaultSettings("fd"), epsilon: EPSILON, blockSize };
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

/** Measures predictions of the paper's ensemble on all back ends in turn, without and with blocks of 8. */
export function inferenceSpeeds({ present }: BackEnds, options: MeasureOptions): InferenceSpeed[] {
  const models = [1, 8].map((blockSize) => ({
    blockSize,
    model: paperModel(PAPER_SIZES, blockSize),
  }));
  const columns = PAPER_SIZES[0];
  const one = randomRows(1, columns);
  const many = randomRows(ROWS, columns);
  using stack = new DisposableStack();
  const opened = models.flatMap(({ blockSize, model }) =>
    present.map(({ name, kernels }) => ({
      ...{ backEnd: name, kernels, blockSize, key: `${name} ${blockSize}` },
      // A copy, because a model is resident for one back end at a time.
      model: { ...model },
      ensemble: stack.use(openEnsemble(model.members, activationOf(model.settings), kernels)),
    }))
  );
  const cases = opened.flatMap(({ key, kernels, model, ensemble }): [string, () => unknown][] => {
    const through = (rows: Float32Array, count: number) => () =>
      ensembleOutputs(ensemble, preprocess(model.preprocessing, rows, count, columns), count);
    return [
      [`${key} one`, through(one, 1)],
      [`${key} unopened`, () => {
        using predictor = openPredictor(model, kernels);
        return predictor.predictProba(one);
      }],
      [`${key} model`, () => predictProba(model, one, kernels)],
      [`${key} many`, through(many, ROWS)],
    ];
  });
  const measured = measure(Object.fromEntries(cases), options);
  return opened.map(({ backEnd, blockSize, key, model }) => {
    const samples = (name: string) => measured[`${key} ${name}`].samples;
    return {
      backEnd,
      blockSize,
      oneRow: quartiles(samples("one")),
      oneRowUnopened: quartiles(samples("unopened")),
      oneRowByModel: quartiles(samples("model")),
      rowsPerSecond: quartiles(samples("many").map((ms) => ROWS / ms * 1000)),
      flops: {
        oneRow: workFlops(modelFlops(model, 1), measured[`${key} one`]),
        manyRows: workFlops(modelFlops(model, ROWS), measured[`${key} many`]),
      },
    };
  });
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
