import { readDataset } from "../../data/formats/mod.ts";
import { type Dataset, splitDataset } from "../../data/table/mod.ts";
import { builtinData, catalogueData, dataPath } from "../../experiments/run/mod.ts";
import { randomStream } from "../../random.ts";

/** The largest number of training rows, so that the study takes minutes and not hours. */
const MOST_TRAINING = 5000;

/**
 * The rows of a table. `training` are all training rows, of which `held` are held out from `fitting`.
 * `test` are the test rows.
 */
export type RowSets = Readonly<Record<"fitting" | "held" | "training" | "test", Dataset>>;

/** Splits a table that is named as for a run. */
export async function splitRows(file: string, quick: boolean): Promise<RowSets> {
  const [kind, name] = file.split(":");
  const { target } = kind === "builtin" ? builtinData(name) : catalogueData(name);
  const { dataset } = await readDataset(dataPath(file), { target, missing: "keep" });
  const all = splitDataset(dataset, 0.2, randomStream(1, "test"));
  const training = atMost(all.train, quick ? 400 : MOST_TRAINING);
  const test = quick ? atMost(all.test, 100) : all.test;
  const { train: fitting, test: held } = splitDataset(training, 0.2, randomStream(1, "held out"));
  return { fitting, held, training, test };
}

/** At most `most` rows, drawn at random. */
function atMost(dataset: Dataset, most: number): Dataset {
  const share = 1 - most / dataset.rows;
  return share > 0 ? splitDataset(dataset, share, randomStream(1, "fewer rows")).train : dataset;
}
