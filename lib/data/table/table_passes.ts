/**
 * Reads a table from any source. It is read once, and again if columns turn out to hold text, or numbers
 * that are not written plainly.
 *
 * @module
 */
import { requireOptions, requireText, requireTexts, requireWord } from "../../arguments.ts";
import { type ColumnRequest, headerRemarks, planColumns, planTexts } from "./column_plan.ts";
import { requireMissingRule } from "./cell_number.ts";
import type { Dataset } from "./dataset.ts";
import { type FeatureCells, featureCells, type FinishedCells } from "./feature_cells.ts";
import type { ReadProgress } from "./file_pieces.ts";
import { labelCodes } from "./label_codes.ts";
import { type Notation, notationText } from "./notation.ts";
import type { RowsHandler, TableRows } from "./table_rows.ts";
import { quoted, quotedPath } from "../../messages.ts";

/** The cells that feature columns may have in addition to numbers. */
export interface ReadCellsOptions {
  /**
   * The treatment of missing values (an empty cell, `NA`, `N/A`, `NaN`, `null`, `none`, `?`). With `"keep"`
   * or `"median"` they become NaN, and training replaces them by the median. `"error"` refuses them.
   * Default: `"keep"`.
   */
  readonly missing?: "keep" | "median" | "error" | undefined;
  /**
   * The columns of categories. Their cells become codes: places among the column's categories. A record
   * gives the categories of every column, such as those of a trained model; others get the code −1. A list
   * names columns, whose categories are those in the file, at most 65,536 per column. The other columns are
   * then read as with `"auto"`. `"auto"` takes every column with text in it, with at most 1000 categories
   * per column. If such a column also holds more than 20 different numbers, its text counts as a mistake. An
   * empty list refuses text. Default: `"auto"`.
   */
  readonly categorical?: readonly string[] | Readonly<Record<string, readonly string[]>> | "auto";
  /**
   * The columns whose numbers are not written plainly, such as `$9,728` or `2024-01-05`, each with its
   * notation; for example those of a trained model. With `categorical: "auto"`, or names of columns, other
   * columns are found if all their cells share a notation. The file is then read twice.
   */
  readonly notations?: ReadonlyMap<string, Notation> | undefined;
}

/** The wanted parts of a table of features and labels. */
export interface ReadDatasetOptions extends ReadCellsOptions {
  /** The name of the column that holds the class labels, or the numbers to predict. */
  readonly target: string;
  /**
   * The task: classification has a target of classes, regression a target of numbers. Default:
   * classification.
   */
  readonly task?: "classification" | "regression" | undefined;
  /**
   * The feature columns, in the wanted order, such as those of a trained model. Other columns are ignored.
   * Default: every column except the target, in the file's order.
   */
  readonly featureNames?: readonly string[] | undefined;
  /** Columns that are to be ignored. */
  readonly ignore?: readonly string[] | undefined;
  /** Feature columns that are not needed. They may be missing, are not read, and become NaN. */
  readonly unused?: readonly string[] | undefined;
  /** The classes that a row may have, such as those of a trained model. Default: the classes in the file. */
  readonly classes?: readonly string[] | undefined;
  /**
   * Rows whose class is not among `classes` are refused (`"error"`), or left out and counted
   * (`"skip"`). Default: `"error"`.
   */
  readonly unknownClass?: "error" | "skip" | undefined;
  /**
   * Rows without a target (an empty cell, `?`, `NA`, `NaN`, `null`) are refused (`"error"`), or left out
   * and counted (`"skip"`). Default: `"error"`.
   */
  readonly missingTarget?: "error" | "skip" | undefined;
  /** Called after every piece of the file. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** An entry for every option of {@linkcode ReadCellsOptions}. */
const CELLS: Readonly<Record<keyof ReadCellsOptions, true>> = {
  missing: true,
  categorical: true,
  notations: true,
};

/** An entry for every option of {@linkcode ReadDatasetOptions}. */
const TABLE: Readonly<Record<keyof ReadDatasetOptions, true>> = {
  target: true,
  task: true,
  ...CELLS,
  missingTarget: true,
  ignore: true,
  featureNames: true,
  unused: true,
  classes: true,
  unknownClass: true,
  onProgress: true,
};

/**
 * Checks the options of a reader of tables.
 *
 * @param kind `dataset` for a table with a target, `cells` for one without.
 * @param more Further options of this reader.
 * @throws {TypeError} If an option is unknown, or a needed target is missing.
 */
export function requireReading(
  options: object,
  kind: "dataset" | "cells",
  more: readonly string[] = [],
): void {
  const own = Object.fromEntries(more.map((name) => [name, true]));
  const intent = "read a table";
  requireOptions(intent, options, { ...(kind === "dataset" ? TABLE : CELLS), ...own });
  const { target, task, categorical, ...given } = options as Readonly<Record<string, unknown>>;
  if (kind === "dataset") requireText(intent, target, "the target's column");
  requireWord(intent, task, "task", ["classification", "regression"]);
  for (const name of ["unknownClass", "missingTarget"]) {
    requireWord(intent, given[name], name, ["error", "skip"]);
  }
  for (const name of ["featureNames", "ignore", "unused", "classes"]) {
    requireTexts(intent, given[name], name);
  }
  const isNamed = categorical === "auto" || typeof categorical === "object";
  if (!isNamed || Array.isArray(categorical)) requireTexts(intent, categorical, "categorical");
}

/** A class that was found in a table and is not among the given classes. */
export interface UnknownClass {
  /** The label as it is written in the file. */
  readonly label: string;
  /** The number of its rows. */
  readonly rows: number;
}

/** A table that was read, and a list of its unused parts. */
export interface ReadDatasetResult {
  /** The rows. */
  readonly dataset: Dataset;
  /** The columns that are neither features nor the target, in the file's order. */
  readonly ignoredColumns: readonly string[];
  /** The classes whose rows were left out (with `unknownClass: "skip"` only). */
  readonly unknownClasses: readonly UnknownClass[];
  /** Sentences for people about cells that were not taken as they are written. */
  readonly remarks: readonly string[];
}

/** Takes the targets of a table. */
type Targets =
  & Pick<RowsHandler, "label" | "missingTarget" | "number">
  & { readonly foundNotation?: Notation | undefined };

/** The targets of a table that is read without them. */
export const NO_TARGET: Targets = { label: () => 0, missingTarget: () => 0, number: () => 0 };

/**
 * Asks for the wanted columns of a table. For every pass it yields a handler that takes the rows, and
 * receives the rows. At the end it returns their description.
 */
export function* tablePasses<Taken extends Targets>(
  wanted: ColumnRequest,
  options: ReadCellsOptions,
  newTargets: (notation: Notation | undefined) => Taken,
) {
  const { target } = wanted;
  let known = new Map(options.notations);
  let found = new Map<string, Notation>();
  let doubted: ReadonlySet<string> | undefined = new Set();
  for (;;) {
    const labels = newTargets(target === null ? undefined : known.get(target));
    const cells = cellsOf({ ...options, notations: known }, doubted);
    const { label, missingTarget, number } = labels;
    const handler: RowsHandler = {
      target,
      plan(names, where) {
        const plan = planColumns(names, wanted, where);
        cells.begin(plan.featureNames, where);
        return plan;
      },
      isTargetNotated: target !== null && known.has(target),
      ...{ label, missingTarget, number, cells },
    };
    const table: TableRows = yield handler;
    if (cells.refuted.size > 0) {
      // After a second wrong assumption no column is assumed to hold numbers. So the table is not read
      // again and again.
      doubted = doubted?.size === 0 ? cells.refuted : undefined;
      continue;
    }
    const plan = table.plan!;
    const { foundNotation } = labels;
    const foundNow = cells.found;
    const isNew = foundNow.size > 0 || foundNotation !== undefined;
    if (isNew && found.size === 0) {
      found = new Map(foundNow);
      if (foundNotation !== undefined && target !== null) found.set(target, foundNotation);
      known = new Map([...known, ...found]);
      continue;
    }
    const { rows, features, targets } = table;
    const { categories, recode } = cells.finish();
    // Rows that were passed on are recoded by their receiver.
    if (features.length > 0) recode(features, 0, rows);
    forget(wanted.unused ?? [], plan.featureNames, features);
    const notations = known.size === 0
      ? []
      : plan.featureNames.map((name) => known.get(name) ?? null);
    return {
      ...plan,
      ...{ labels, rows, features, targets, categories, recode },
      notations: notations.every((own) => own === null) ? undefined : notations,
      targetNotation: target === null ? undefined : known.get(target),
      remarks: [
        ...table.remarks ?? [],
        ...headerRemarks(plan.names),
        ...plan.unnamedColumns.map((name) => `A column without a name is called ${quoted(name)}`),
        ...Array.from(
          found,
          ([name, own]) => `Column ${quoted(name)} is read as ${notationText(own)}`,
        ),
        ...Array.from(
          cells.ambiguous,
          ([name, date]) =>
            `Column ${quoted(name)} has categories: in dates such as ${
              quoted(date)
            } the day or the ` +
            "month may come first; they are dates where one day is beyond 12, or as 2024-01-05",
        ),
      ],
    };
  }
}

/** Sets the columns that were not read to NaN. */
function forget(unused: readonly string[], names: readonly string[], features: Float32Array): void {
  for (const name of unused) {
    const column = names.indexOf(name);
    if (column < 0) continue;
    for (let i = column; i < features.length; i += names.length) features[i] = NaN;
  }
}

/**
 * Asks for a table with its targets, as {@linkcode tablePasses} does.
 *
 * @param path The table's path or name, for messages and as the data set's source.
 */
export function* datasetPasses(
  path: string,
  options: ReadDatasetOptions,
): Generator<RowsHandler, ReadDatasetResult, TableRows> {
  const { recode: _, ...result } = yield* recodedPasses(path, options);
  return result;
}

/** A table that was read. Its rows were passed on, and `recode` corrects them. */
export interface ReadElsewhereResult extends ReadDatasetResult {
  /** Replaces provisional codes of features in neighbouring rows. `first` is the number of earlier rows. */
  readonly recode: FinishedCells["recode"];
}

/**
 * Asks for a table as {@linkcode datasetPasses} does. If its rows are passed on, its features are empty,
 * and its labels are the class of every code from 0 on.
 *
 * @throws {RangeError} If there are no rows.
 */
export function* recodedPasses(
  path: string,
  options: ReadDatasetOptions,
): Generator<RowsHandler, ReadElsewhereResult, TableRows> {
  const { target, task, ignore, unused, featureNames: wanted = null } = options;
  const columns = { target, task, featureNames: wanted, ignore, unused };
  const table = yield* tablePasses(
    columns,
    options,
    (notation) => labelCodes(path, options, notation),
  );
  const { labels, notations, rows, features, targets, categories, featureNames, ignoredColumns } =
    table;
  requireRows(path, rows, labels.isIncomplete);

  const ofTask = targets instanceof Float32Array
    ? { labels: new Int32Array(targets.length), classes: [], targets }
    : { labels: targets, classes: labels.sort(targets) };
  const dataset: Dataset = {
    features,
    rows,
    columns: featureNames.length,
    featureNames: [...featureNames],
    categories,
    notations,
    ...ofTask,
    targetNotation: table.targetNotation,
    target,
    source: path,
  };
  const unknownClasses = Array.from(labels.unknown, ([label, rows]) => ({ label, rows }));
  return {
    dataset,
    ignoredColumns,
    unknownClasses,
    recode: table.recode,
    remarks: [...table.remarks, ...labels.remarks()],
  };
}

/**
 * Makes a handler that passes on the texts of a column as they are written, with their places. It reads
 * nothing else.
 */
export function textsHandler(
  column: string,
  take: (text: string, where: () => string) => void,
): RowsHandler {
  const taken = (text: string, where: () => string) => {
    take(text, where);
    return 0;
  };
  return {
    target: column,
    plan: (names, where) => planTexts(names, column, where),
    label: taken,
    number: taken,
    missingTarget: (_, where) => taken("", where),
    cells: cellsOf({}),
  };
}

/**
 * Prepares the conversion of cells under the given options.
 *
 * @param doubted The columns that may not be assumed to hold numbers. Left out: no column may.
 * @throws {TypeError} If there is no such rule for missing values.
 */
export function cellsOf(
  { missing = "keep", categorical = "auto", notations }: ReadCellsOptions,
  doubted?: ReadonlySet<string>,
): FeatureCells {
  requireMissingRule(missing);
  // Whoever names a column says nothing of the others. An empty list says that no column has categories.
  const auto = categorical === "auto" || (isList(categorical) && categorical.length > 0);
  const ofModel = !auto && !isList(categorical);
  const named = new Map<string, readonly string[] | null>();
  if (isList(categorical)) { for (const name of categorical) named.set(name, null); }
  else if (ofModel) { for (const entry of Object.entries(categorical)) named.set(...entry); }
  const isKept = missing !== "error";
  return featureCells({ missing: isKept, auto, ofModel, categorical: named, notations, doubted });
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

/**
 * Checks that a table has rows.
 *
 * @throws {RangeError} If it has none.
 */
export function requireRows(path: string, rows: number, isIncomplete: boolean): void {
  if (rows > 0) return;
  const found = isIncomplete ? "no row with a known target" : "a header only";
  throw new RangeError(`Cannot read ${quotedPath(path)}: found ${found}, need at least one row`);
}
