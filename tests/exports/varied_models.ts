/**
 * Small models of every kind that is exported, and rows as nobody would want them.
 *
 * @module
 */
import { datasetFromTable, fit, type Model } from "../../mod.ts";
import { randomStream } from "../../lib/random.ts";
import type { Settings } from "../../lib/settings/mod.ts";

/** Rows of a table with numbers on several scales, missing values and two columns of categories. */
function table(rows: number, { task, scaling }: Partial<Settings>): Record<string, unknown>[] {
  const random = randomStream(7, "varied table");
  const kinds = ["oak", "elm", "ash", "fir"];
  return Array.from({ length: rows }, () => {
    const [a, b, c] = [random.normal(), random.float(), Math.floor(9 * random.float())];
    const kind = kinds[Math.floor(4 * random.float() ** 2)];
    const score = a + 2 * Math.sin(6 * b) + (kind === "oak" ? 1 : 0) - c / 6;
    return {
      plain: a,
      large: random.float() < 0.1 ? null : (scaling === "none" ? b : 5e6 + 300 * b),
      grade: c,
      skewed: Math.exp(scaling === "none" ? a : 3 * a) + b,
      kind: random.float() < 0.05 ? null : kind,
      'quality */ "x"': ["good", "bad", `rare ${Math.floor(20 * random.float())}`][
        random.float() < 0.1 ? 2 : random.float() < 0.5 ? 1 : 0
      ],
      target: task === "regression"
        ? 100 + 40 * score + random.normal()
        : score > 0.5
        ? "high ??/"
        : score > -0.7
        ? "middle"
        : "low",
    };
  });
}

const SMALL: Partial<Settings> = {
  hidden: [40, 24],
  epsilon: 4,
  epochs: 8,
  explore: 2,
  batchSize: 32,
};

/** The settings of the models, by name. */
export const KINDS = {
  "All-ReLU": { method: "fd", members: 3, scaling: "min-max" },
  "sines and quantiles": {
    ...{ recipe: "modern", method: "set", members: 3, trials: 0, epochs: 6 },
    frequencies: 4,
  },
  "blocks of 8": { method: "set", members: 2, blockSize: 8, scaling: "standard", hidden: [64, 32] },
  "blocks of 2": { method: "set", members: 1, blockSize: 2, scaling: "quantile", hidden: [30, 10] },
  "no scaling, one layer": { method: "set", members: 2, scaling: "none", hidden: [20] },
  "dense layers": { method: "dense", members: 1, scaling: "standard", hidden: [16, 12] },
  "boosted classes": { method: "boosting", members: 3, scaling: "standard" },
  "boosted numbers": { method: "boosting", members: 3, task: "regression", scaling: "standard" },
  quantiles: { method: "set", members: 2, scaling: "quantile" },
  numbers: { method: "set", members: 3, task: "regression", scaling: "quantile" },
} satisfies Record<string, Partial<Settings>>;

/** A name of a model. */
export type Kind = keyof typeof KINDS;

const trained = new Map<Kind, Promise<Model>>();

/** The trained model of a kind, made once. */
export function modelOf(kind: Kind): Promise<Model> {
  const settings: Partial<Settings> = { ...SMALL, ...KINDS[kind] };
  const made = trained.get(kind) ?? train(settings);
  trained.set(kind, made);
  return made;
}

function train(settings: Partial<Settings>): Promise<Model> {
  const { task = "classification" } = settings;
  const { dataset } = datasetFromTable(table(1500, settings), {
    target: "target",
    task: task === "regression" ? task : "classification",
    missing: "keep",
  });
  return fit(dataset, { ...settings, seed: 3 });
}

/** Numbers that break programs. */
const EXTREMES = [0, -0, 1e-42, -1e-30, 1e9, -1e9, 1e30, -3e38, 3.4e38, NaN, Infinity, -Infinity];

/** Rows for a model: such as it was trained on, with missing values and unseen categories, and extreme ones. */
export function oddRows(model: Model, count: number): Float32Array {
  const { featureNames, categorical = [] } = model.preprocessing;
  const codes = new Map(categorical.map(({ column, categories }) => [column, categories.length]));
  const random = randomStream(11, "odd rows");
  const ordinary = [
    () => random.normal(),
    () => 5e6 + 300 * random.float(),
    () => Math.floor(9 * random.float()),
    () => Math.exp(3 * random.normal()),
  ];
  return Float32Array.from({ length: count * featureNames.length }, (_, i) => {
    const column = i % featureNames.length;
    const isExtreme = Math.floor(i / featureNames.length) % 8 === 0;
    if (isExtreme && random.float() < 0.3) {
      return EXTREMES[Math.floor(EXTREMES.length * random.float())];
    }
    if (random.float() < 0.1) return NaN;
    const categories = codes.get(column);
    if (categories === undefined) return ordinary[column]();
    // −1, and one beyond the last, are categories that nobody has seen.
    return Math.floor((categories + 2) * random.float()) - 1;
  });
}
