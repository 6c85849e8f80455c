import { readDataset } from "../../data/formats/mod.ts";
import { type Dataset, splitDataset } from "../../data/table/mod.ts";
import { builtinData, catalogueData, dataPath } from "../../experiments/run/mod.ts";
import { randomStream } from "../../random.ts";

/** Rows to learn from, at most, so that the study takes minutes and not hours. */
const MOST_TRAINING = 5000;

/** The rows of a table: those to learn from, some of which may be held out, and those of the test. */
export type RowSets = Readonly<Record<"fitting" | "held" | "training" | "test", Dataset>>;

/** Splits a table, which a run names so. */
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

/** So many rows at most, drawn at random. */
function atMost(dataset: Dataset, most: number): Dataset {
  const share = 1 - most / dataset.rows;
  return share > 0 ? splitDataset(dataset, share, randomStream(1, "fewer rows")).train : dataset;
}
