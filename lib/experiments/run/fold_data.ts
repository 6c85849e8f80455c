import { cellPlace, readTexts } from "../../data/formats/mod.ts";
import {
  checkRowWeights,
  type Dataset,
  type Fold,
  groupFolds,
  isMissing,
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
  /** The column with the times of rows. Test rows are later than training rows. Left out: none. */
  readonly time?: string | undefined;
}

/** The columns that define folds, and are not features. */
export function foldColumns(config: Pick<FoldConfig, "group" | "time"> | undefined): string[] {
  return [config?.group, config?.time].filter((name) => name !== undefined);
}

/**
 * Checks a fold that a configuration names.
 *
 * @throws {TypeError | RangeError} If it is not a valid fold.
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

/** The parts of a table for one fold. */
interface FoldParts {
  readonly train: Dataset;
  readonly test: Dataset;
  /** Sentences on the groups, for people. */
  readonly remarks: readonly string[];
}

/** The training and test rows of a fold. The folds of one seed and one table belong together. */
export async function foldParts(
  dataset: Dataset,
  path: string,
  config: FoldConfig,
  seed: number,
): Promise<FoldParts> {
  const { folds, remarks } = await foldsOfTable(dataset, path, config, seed);
  const fold = folds[config.fold - 1];
  const [train, test] = [fold.train, fold.test].map((rows) => selectRows(dataset, rows));
  if (test.weights !== undefined) {
    checkRowWeights(test.weights, `Cannot test on fold ${config.fold}`);
  }
  return { train, test, remarks };
}

async function foldsOfTable(
  dataset: Dataset,
  path: string,
  { of, group, time }: FoldConfig,
  seed: number,
): Promise<{ folds: Fold[]; remarks: readonly string[] }> {
  const random = randomStream(seed, "folds");
  const { source, target } = dataset;
  if ([group, time].includes(target)) {
    throw new TypeError(
      `Cannot make folds of ${quotedPath(source)} by ${quoted(target)}: found the target, need ` +
        "another column",
    );
  }
  if (group !== undefined) {
    const texts = await textsOf(dataset, path, group);
    // All spellings of a missing cell are the same group.
    const groups = texts.map((text) => isMissing(text.trim()) ? "" : text);
    const folds = groupFolds(groups, of, random, source);
    return { folds, remarks: groupRemarks(groups, group) };
  }
  if (time === undefined) return { folds: stratifiedFolds(dataset, of, random), remarks: [] };
  const texts = await textsOf(dataset, path, time);
  const times = timesOf(texts);
  const wrong = times.findIndex(Number.isNaN);
  if (wrong >= 0) {
    throw new RangeError(
      `${await cellPlace(path, time, wrong)}: found ${quoted(texts[wrong])}, need a number or a ` +
        `date such as 2024-01-05 in all rows, to order them by`,
    );
  }
  return { folds: timeFolds(times, of, source), remarks: [] };
}

/** Sentences on groups that may be a mistake. */
function groupRemarks(groups: readonly string[], column: string): string[] {
  const missing = groups.filter((group) => group === "").length;
  const isEach = new Set(groups).size === groups.length;
  return [
    ...missing > 1 ? [`Rows without ${quoted(column)} are one group: ${missing}`] : [],
    ...isEach ? [`Every row is a group of its own: no two have the same ${quoted(column)}`] : [],
  ];
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
