/**
 * Models of every kind that can be exported, and rows that are hard to predict.
 *
 * @module
 */
import { builtinDatasetPath } from "../../lib/data/builtin/mod.ts";
import { readDataset } from "../../lib/data/formats/mod.ts";
import { type Dataset, datasetFromArrays, datasetFromTable } from "../../lib/data/table/mod.ts";
import { fit } from "../../lib/ensemble/mod.ts";
import { type Kernels, wasmKernels } from "../../lib/kernels/mod.ts";
import { type Model, predictProba, predictValues } from "../../lib/model/mod.ts";
import { type RawCell, rawFeatures } from "../../lib/prediction/mod.ts";
import { type Random, randomStream } from "../../lib/random.ts";
import type { Settings } from "../../lib/settings/mod.ts";

/** A kind of model. */
export interface Kind {
  readonly name: string;
  readonly model: Model;
  /** Whether rows may hold numbers far beyond those of training. */
  readonly extremes: boolean;
}

const SMALL: Partial<Settings> = { hidden: [40, 32], epsilon: 4, members: 3, batchSize: 32 };
const PAPER: Partial<Settings> = { ...SMALL, method: "fd", epochs: 12, explore: 6 };
const MODERN: Partial<Settings> = {
  ...SMALL,
  recipe: "modern",
  epochs: 4,
  trials: 0,
  frequency: 0.2,
};

/** Trains small models of every kind. */
export async function kinds(): Promise<Kind[]> {
  const path = builtinDatasetPath("segment");
  const { dataset: segment } = await readDataset(path, { target: "class" });
  const mixed = mixedDataset();
  const number = numberDataset();
  const train = async (
    name: string,
    dataset: Dataset,
    settings: Partial<Settings>,
    extremes = true,
  ): Promise<Kind> => {
    const model = await fit(dataset, settings, { kernels: wasmKernels() });
    return { name, model, extremes };
  };
  const paper = await train("the paper's FD ensemble", segment, PAPER);
  return [
    paper,
    await train("a modern ensemble with periodic embeddings", segment, MODERN),
    await train("blocks of 8", segment, { ...MODERN, blockSize: 8, coverage: 0.9 }),
    await train("mixed columns", mixed, { ...MODERN, coverage: 0.8 }),
    await train("mixed columns, standard", mixed, { ...PAPER, scaling: "standard" }),
    await train("mixed columns, min-max, blocks of 4", mixed, {
      ...PAPER,
      scaling: "min-max",
      blockSize: 4,
      activation: "relu",
    }),
    // Unscaled, what is far away overflows in the network, and how depends on the order of its sums.
    await train("dense layers", mixed, {
      ...PAPER,
      method: "dense",
      members: 1,
      scaling: "none",
      learningRate: 1e-6,
    }, false),
    await train("numbers with intervals", number, {
      ...MODERN,
      task: "regression",
      coverage: 0.9,
      epochs: 8,
    }),
    // Of fast sines far away nothing but their range is known.
    await train("numbers, standard, periodic", number, {
      ...MODERN,
      task: "regression",
      scaling: "standard",
    }, false),
    { ...paper, name: "members with votes", model: withVotes(paper.model) },
    { ...paper, name: "of a time without medians", model: withoutMedians(paper.model) },
  ];
}

function withVotes(model: Model): Model {
  const votes = [0.5, 0.2, 0.3];
  return { ...model, members: model.members.map((one, m) => ({ ...one, vote: votes[m] })) };
}

function withoutMedians(model: Model): Model {
  const { medians: _, indicators: __, categorical: ___, ...rest } = model.preprocessing;
  return { ...model, preprocessing: rest };
}

/** Rows of numbers, missing ones, categories, amounts and dates. */
function mixedDataset(): Dataset {
  const random = randomStream(5, "mixed table");
  const rows = Array.from({ length: 400 }, (_, row) => {
    const a = random.normal();
    const colour = ["red", "green", "blue", "blue"][Math.floor(4 * random.float())];
    return {
      a,
      b: random.float() < 0.2 ? null : Math.round(10 * random.float()),
      price: `$${(1000 + Math.floor(9000 * random.float())).toLocaleString("en")}.50`,
      day: `2024-0${1 + row % 9}-1${row % 10}`,
      colour: random.float() < 0.1 ? null : colour,
      town: random.float() < 0.5 ? `town ${row}` : `city ${row % 6}`,
      always: 7,
      tag: "one",
      kind: a + (colour === "red" ? 1 : 0) > 0.3 ? "yes" : "no",
    };
  });
  return datasetFromTable(rows, { target: "kind" }).dataset;
}

/** Rows of a number to predict. */
function numberDataset(): Dataset {
  const random = randomStream(6, "number table");
  const features = Array.from(
    { length: 400 },
    () => [random.normal(), 100 * random.float(), random.float() < 0.2 ? NaN : random.normal()],
  );
  const targets = features.map(([a, b]) => 500 + 30 * a + b + 5 * random.normal());
  return datasetFromArrays({ features, targets });
}

const FAR = [0, -0, 1e-42, 3.3e38, -3.3e38, 1e9, -1e6, 12345.678];

/** Rows of all that may stand in a table, some of which the library refuses. */
export function hardRows({ model, extremes }: Kind, count: number): RawCell[][] {
  const random = randomStream(7, "hard rows");
  const cells = cellMakers(model, extremes);
  return Array.from({ length: count }, (_, row) => {
    // Most cells are plain: where many are strange, all rows are alike.
    const share = row % 3 === 0 ? 0.5 : 0.03;
    return cells.map((make) => make(random, random.float() < share));
  });
}

type CellMaker = (random: Random, isStrange: boolean) => RawCell;

function one<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(list.length * random.float())];
}

function cellMakers({ preprocessing }: Model, extremes: boolean): CellMaker[] {
  const { featureNames, kept, scaling, categorical = [], notations = [] } = preprocessing;
  const missing = [null, undefined, NaN, "", "NA", " nan "];
  const makers = featureNames.map((): CellMaker => (random, isStrange) => {
    if (!isStrange) return random.normal();
    return one([...missing, " 3.5 ", 2n, true, ...(extremes ? [...FAR, Infinity] : [])], random);
  });
  const each = scaling.parameters.length / kept.length;
  kept.forEach((column, place) => {
    const own = scaling.parameters.subarray(place * each, (place + 1) * each);
    const plain = makers[column];
    makers[column] = (random, isStrange) => {
      if (isStrange || each === 0) return plain(random, isStrange);
      if (scaling.kind === "standard") return own[0] + 2 * own[1] * random.normal();
      // Quantiles themselves too, which ties have several ranks of.
      return random.float() < 0.3
        ? one([...own], random)
        : own[0] + (own[each - 1] - own[0]) * (1.2 * random.float() - 0.1);
    };
  });
  for (const { column, kind } of notations) {
    makers[column] = (random, isStrange) => {
      if (isStrange) return one([...missing, 5], random);
      return kind === "date"
        ? one(["2024-03-05", "2023-12-31 12:30", new Date(Date.UTC(2024, 5, 1))], random)
        : one(["$1,234.50", "$5,000", "1999.25"], random);
    };
  }
  for (const { column, categories } of categorical) {
    makers[column] = (random, isStrange) =>
      isStrange
        ? one([...missing, "never seen", " blue ", 12, false, "None", "?"], random)
        : one(categories, random);
  }
  return makers;
}

/** The same object every time: a model stays in the memory of the kernels that it was asked with last. */
const WASM = wasmKernels();

/** The library's answer to a row: probabilities, or a number; `null` if it refuses the row. */
export function answerOf(
  model: Model,
  row: readonly RawCell[],
  kernels: Kernels = WASM,
): Float32Array | null {
  const ask = model.targetScaling === undefined ? predictProba : predictValues;
  try {
    return ask(model, [row], kernels);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The numbers of a row as a table would hold them, infinite ones too. */
export function numbersOf(model: Model, row: readonly RawCell[]): Float32Array {
  const { preprocessing } = model;
  // Models of a time without medians refuse missing values, which a table may hold.
  const lenient = { ...preprocessing, medians: preprocessing.medians ?? new Float32Array(0) };
  const isInfinite = (cell: RawCell) => typeof cell === "number" && Math.abs(cell) === Infinity;
  const finite = row.map((cell) => isInfinite(cell) ? NaN : cell);
  const { features } = rawFeatures(lenient, [finite]);
  row.forEach((cell, column) => {
    if (isInfinite(cell)) features[column] = cell as number;
  });
  return features;
}

/** The difference of two answers: absolute, beyond 1 relative. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const own = Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(a[i]));
    if (!(own <= most)) most = own;
  }
  return most;
}
