import { readTexts } from "../../data/formats/mod.ts";
import {
  checkRowWeights,
  type Dataset,
  type Fold,
  groupFolds,
  selectRows,
  stratifiedFolds,
  timeFolds,
  timesOf,
} from "../../data/table/mod.ts";
import { quoted, quotedPath, shown } from "../../messages.ts";
import { randomStream } from "../../random.ts";

/** The fold of a table that a run is tested on. */
export interface FoldConfig {
  /** The number of folds. */
  readonly of: number;
  /** The fold, from 1. */
  readonly fold: number;
  /** The column with the groups of rows, which no two folds share. Left out: none. */
  readonly group?: string | undefined;
  /** The column with the times of rows; tests are later than what is learned from. Left out: none. */
  readonly time?: string | undefined;
}

/** The columns that make folds and are no features. */
export function foldColumns(config: Pick<FoldConfig, "group" | "time"> | undefined): string[] {
  return [config?.group, config?.time].filter((name) => name !== undefined);
}

/**
 * Checks a fold that a configuration names.
 *
 * @throws {TypeError | RangeError} If it is none.
 */
export function checkedFold(given: unknown): FoldConfig {
  const wrong = (need: string, Kind: TypeErrorConstructor | RangeErrorConstructor = TypeError) =>
    new Kind(`Cannot use setting "fold": found ${shown(given)}, need ${need}`);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw wrong("an object with fold and of");
  }
  const { of, fold, group, time, ...others } = given as Readonly<Record<string, unknown>>;
  if (Object.keys(others).length > 0) throw wrong("the keys fold, of, group and time");
  if (!Number.isSafeInteger(of) || (of as number) < 2 || (of as number) > 1000) {
    throw wrong("2 to 1000 folds", RangeError);
  }
  if (!Number.isSafeInteger(fold) || (fold as number) < 1 || (fold as number) > (of as number)) {
    throw wrong(`a fold from 1 to ${of}`, RangeError);
  }
  const isName = (name: unknown) => name === undefined || typeof name === "string" && name !== "";
  if (!isName(group) || !isName(time)) throw wrong("names of columns as group and time");
  if (group !== undefined && time !== undefined) throw wrong("a group or a time", RangeError);
  return given as unknown as FoldConfig;
}

/** The training and test rows of a fold. The folds of one seed and one table belong together. */
export async function foldParts(
  dataset: Dataset,
  path: string,
  config: FoldConfig,
  seed: number,
): Promise<{ train: Dataset; test: Dataset }> {
  const { train, test } = (await foldsOfTable(dataset, path, config, seed))[config.fold - 1];
  const parts = { train: selectRows(dataset, train), test: selectRows(dataset, test) };
  if (parts.test.weights !== undefined) {
    checkRowWeights(parts.test.weights, `Cannot test on fold ${config.fold}`);
  }
  return parts;
}

async function foldsOfTable(
  dataset: Dataset,
  path: string,
  { of, group, time }: FoldConfig,
  seed: number,
): Promise<Fold[]> {
  const random = randomStream(seed, "folds");
  const { source } = dataset;
  if (group !== undefined) {
    return groupFolds(await textsOf(dataset, path, group), of, random, source);
  }
  if (time === undefined) return stratifiedFolds(dataset, of, random);
  const begin = `Cannot order the rows of ${quotedPath(source)} by column ${quoted(time)}`;
  return timeFolds(timesOf(await textsOf(dataset, path, time), begin), of, source);
}

async function textsOf({ rows, source }: Dataset, path: string, column: string): Promise<string[]> {
  const texts = await readTexts(path, column);
  if (texts.length === rows) return texts;
  throw new RangeError(
    `Cannot make folds of ${quotedPath(source)} by column ${quoted(column)}: found ${
      texts.length - rows
    } rows that are left out, need a target in every row`,
  );
}
