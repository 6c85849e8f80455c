/**
 * Synthetic tables, made from a seed: one as wide as gene expression data, and a narrow one that takes no
 * time beside a network. They need no file, and have the same numbers on every machine.
 *
 * The wide table has the shape of microarray data: few rows and 65,536 columns, most of them noise. Groups
 * of columns follow one hidden factor each, as genes of one pathway do, and the classes differ in the means
 * of these factors. The number of columns is that of the artificial data of S. Curci, D. C. Mocanu and M.
 * Pechenizkiy, "Truly sparse neural networks at scale", 2021, https://arxiv.org/abs/2102.01732.
 *
 * @module
 */
import { quoted, quotedList } from "../../messages.ts";
import { randomStream } from "../../random.ts";
import type { Dataset } from "../table/mod.ts";

/** A table that is made from a seed. */
export interface MadeDataset {
  /** The number of rows, as many of every class. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** The number of columns that follow a factor, at random places. All others are noise. */
  readonly informative: number;
  /** The number of factors. */
  readonly factors: number;
  /** The number of classes. */
  readonly classes: number;
}

/** The made tables by name. */
export const MADE_DATASETS: Readonly<Record<string, MadeDataset>> = {
  wide: { rows: 400, columns: 65_536, informative: 16_384, factors: 16, classes: 4 },
  narrow: { rows: 400, columns: 64, informative: 32, factors: 8, classes: 4 },
};

/** The target column of the made tables. */
export const MADE_TARGET = "class";

/** The seed of the made tables. */
const SEED = 1;

/** The correlation of an informative column with its factor, within a class. */
const LOADING = 0.7;

/**
 * Makes a table. Every number has variance 1 within its class; a factor's means have variance 1 over the
 * classes.
 *
 * @throws {RangeError} If there is no table of that name.
 *
 * @example Usage
 * ```ts
 * import { madeDataset } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const { rows, columns, classes } = madeDataset("narrow");
 * assert.deepEqual([rows, columns, classes.length], [400, 64, 4]);
 * ```
 */
export function madeDataset(name: string): Dataset {
  if (!Object.hasOwn(MADE_DATASETS, name)) {
    throw new RangeError(
      `Cannot find a made data set: found ${quoted(name)}, need one of ${
        quotedList(Object.keys(MADE_DATASETS))
      }`,
    );
  }
  const { rows, columns, informative, factors, classes } = MADE_DATASETS[name];
  const random = randomStream(SEED, "made", name);
  const means = Float64Array.from({ length: classes * factors }, () => random.normal());
  // The factor of every column, −1 for noise: as many columns of every factor, at random places.
  const factorOf = Int32Array.from(
    { length: columns },
    (_, place) => place < informative ? place % factors : -1,
  );
  for (let place = columns - 1; place > 0; place--) {
    const other = random.below(place + 1);
    [factorOf[place], factorOf[other]] = [factorOf[other], factorOf[place]];
  }
  const noise = Math.sqrt(1 - LOADING ** 2);
  const features = new Float32Array(rows * columns);
  const labels = new Int32Array(rows);
  const factor = new Float64Array(factors);
  for (let row = 0; row < rows; row++) {
    labels[row] = row % classes;
    for (let f = 0; f < factors; f++) {
      factor[f] = means[labels[row] * factors + f] + random.normal();
    }
    for (let column = 0; column < columns; column++) {
      const own = random.normal();
      const f = factorOf[column];
      features[row * columns + column] = f < 0 ? own : LOADING * factor[f] + noise * own;
    }
  }
  return {
    features,
    rows,
    columns,
    featureNames: Array.from({ length: columns }, (_, column) => `x${column}`),
    labels,
    classes: Array.from({ length: classes }, (_, label) => `${label}`),
    target: MADE_TARGET,
    source: `made:${name}`,
  };
}
