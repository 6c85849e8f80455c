import { missingCounts } from "../../data/preprocessing/mod.ts";
import type { Dataset } from "../../data/table/mod.ts";
import type { TrainingEvent } from "../../ensemble/mod.ts";
import { datasetTitle } from "../results/mod.ts";
import {
  builtinData,
  catalogueData,
  type DataConfig,
  dataDigest,
  readRunData,
  strategyToBegin,
} from "../run/mod.ts";
import { compareOn, type ComparisonOptions, type ComparisonScore } from "./comparison.ts";
import {
  appendScore,
  openComparison,
  type StoredComparison,
  writeDescription,
} from "./comparison_folder.ts";
import {
  type ComparedData,
  type ComparisonDescription,
  LOG_LOSS_FLOOR,
} from "./comparison_introduction.ts";
import { mergeDescriptions, withAllSettings } from "./comparison_merge.ts";
import { budgetMethod, peersWanted } from "./peer_table.ts";

/** A table of a comparison. */
export interface ComparedTable extends Pick<DataConfig, "file" | "target" | "test"> {
  /** Its name in the results. */
  readonly dataset: string;
  /** Columns of categories, beside those with text. `"auto"`, the default: those with text alone. */
  readonly categorical?: readonly string[] | "auto" | undefined;
  /** Columns that are not used. Left out: none. */
  readonly ignore?: readonly string[] | undefined;
  /**
   * The treatment of rows without a target: `"error"` refuses them, `"skip"` leaves them out. Left out:
   * `"error"`.
   */
  readonly missingTarget?: "error" | "skip" | undefined;
}

/** The columns of a file, its test rows, and the treatment of rows without a target. */
export type ComparedColumns =
  & Pick<ComparedTable, "categorical" | "ignore" | "missingTarget">
  & {
    readonly target?: string | undefined;
    /** A file with test rows. Left out, or `null`: a share of the rows is held out for every seed. */
    readonly test?: string | null | undefined;
  };

/** The methods, tables and splits of a comparison. */
export interface ComparisonRunOptions extends
  Pick<
    ComparisonOptions,
    | "seeds"
    | "contenders"
    | "peers"
    | "equalBudget"
    | "python"
    | "threads"
    | "onMissing"
    | "signal"
  > {
  /** The kind of the targets. Left out: classes. */
  readonly task?: "classification" | "regression" | undefined;
  /** The tables. */
  readonly tables: readonly ComparedTable[];
  /** The folder of the scores. Scores in it are not made again. `null`: scores are not stored. */
  readonly folder: string | null;
  /** The report's title. Left out: the one in the folder, or none. */
  readonly title?: string | undefined;
  /** The share held out of tables without separate test rows. */
  readonly testFraction: number;
  /** Called with sentences for people about cells of a table that were not taken as they are written. */
  readonly onRemark?: ((dataset: string, remark: string) => void) | undefined;
  /** Called when a run begins (`null`), and with its events. */
  readonly onProgress?: (
    dataset: string,
    name: string,
    seed: number,
    event: TrainingEvent | null,
  ) => void;
}

/**
 * Finds the table that a word of the command line names: `dataset:NAME`, `builtin:NAME` or a file.
 *
 * @param columns The columns of a file. Named data have fixed columns.
 * @throws {TypeError} If there is no target.
 * @throws {RangeError} If there is no such data set.
 */
export function comparedTable(file: string, columns: ComparedColumns): ComparedTable {
  const [, kind, name] = /^(dataset|builtin):(.*)$/.exec(file) ?? [];
  const dataset = datasetTitle({ file });
  if (kind === "dataset") return { dataset, ...catalogueData(name) };
  if (kind === "builtin") return { dataset, ...builtinData(name), test: null };
  const { target, test = null, ...others } = columns;
  if (target === undefined) {
    throw new TypeError(`Cannot compare on "${file}": found no target, need the name of a column`);
  }
  return { ...others, dataset, file, target, test };
}

/**
 * Compares methods on tables, one after the other.
 *
 * @returns All scores. Those that were already in the folder come first.
 * @throws {RangeError} If two tables have the same name, or the folder's scores were made under different
 * conditions.
 * @throws {Error} If a table cannot be read or training fails. If the signal is aborted, its reason is
 * thrown.
 */
export async function runComparison(options: ComparisonRunOptions): Promise<StoredComparison> {
  const { tables, folder, contenders, testFraction } = options;
  const { task = "classification" } = options;
  refuseSameNames(tables);
  if (contenders.length === 0 && options.peers?.length === 0) {
    throw new RangeError("Cannot compare: found no contender and no peer, need one of them");
  }
  // A name that nobody has is refused before the folder describes the tables.
  const wanted = peersWanted(options.peers ?? "installed");
  const equalBudget = options.equalBudget === undefined
    ? undefined
    : budgetMethod(options.equalBudget, contenders, wanted);
  const stored = folder === null ? { scores: [], description: {} } : openComparison(folder);
  const scores: ComparisonScore[] = [...stored.scores];
  let description = stored.description;
  const describe = (more: ComparisonDescription) => {
    description = mergeDescriptions(description, more);
    if (folder !== null) writeDescription(folder, description);
  };
  const complete: [string, object][] = [];
  for (const { name, settings, onDatasets, strategy: given } of contenders) {
    const own = await strategyToBegin(null, given);
    // The report names the strategy, not its place on the disk.
    const { path: _, ...strategy } = own?.origin ?? {};
    const origin = own === null ? undefined : strategy;
    complete.push([name, withAllSettings({ ...settings, onDatasets, strategy: origin }, task)]);
  }
  describe({
    title: options.title,
    testFraction,
    contenders: Object.fromEntries(complete),
    logLossFloor: LOG_LOSS_FLOOR,
    equalBudget,
  });
  // A missing library is named once, not for every table.
  const told = new Set<string>();
  for (const own of tables) {
    const { dataset, categorical = "auto", ignore = [], missingTarget = "error", ...table } = own;
    const missing = { missing: "median", missingTarget } as const;
    const reading = { categorical, ignore, ...missing, testFraction: 0, seed: 0 };
    const { training, test, remarks } = await readRunData({ ...table, ...reading, task });
    for (const remark of remarks) options.onRemark?.(dataset, remark);
    describe({ datasets: { [dataset]: described(training, test) } });
    const compared = compareOn({
      ...options,
      equalBudget,
      dataset,
      contenders: contenders.map((contender) => (
        { ...contender, settings: { ...contender.settings, ...contender.onDatasets?.[dataset] } }
      )),
      rows: training,
      test,
      stored: (name, seed) =>
        scores.find((score) =>
          score.name === name && score.seed === seed && score.dataset === dataset
        ),
      onProgress: (name, seed, event) => options.onProgress?.(dataset, name, seed, event),
      onLibrary: (library) => describe({ libraries: [library] }),
      onMissing: (reason) => {
        if (!told.has(reason)) options.onMissing?.(reason);
        told.add(reason);
      },
    });
    for await (const score of compared) {
      scores.push(score);
      if (folder !== null) appendScore(folder, score);
    }
  }
  return { scores, description };
}

function refuseSameNames(tables: readonly ComparedTable[]): void {
  const names = tables.map(({ dataset }) => dataset);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) {
    throw new RangeError(
      `Cannot compare: found two tables of the name "${twice}", need one of each`,
    );
  }
}

function described(training: Dataset, test: Dataset | null): ComparedData {
  const missing = ({ features, rows, columns }: Dataset) =>
    missingCounts(features, rows, columns).reduce((sum, count) => sum + count, 0);
  return {
    rows: training.rows,
    features: training.columns,
    textFeatures: (training.categories ?? []).filter((own) => own !== null).length,
    missingCells: missing(training) + (test === null ? 0 : missing(test)),
    classes: training.classes.length,
    testRows: test === null ? null : test.rows,
    digest: dataDigest({ training, test }),
  };
}
