/**
 * Reads tables whose rows are used once, block by block. Memory does not grow with the table.
 *
 * @module
 */
import {
  type Dataset,
  joinedRows,
  NO_TARGET,
  type PassingBlock,
  passingBlockRows,
  passingRows,
  type ProgressListener,
  type ReadDatasetOptions,
  recodedPasses,
  requireRows,
  type RowBlocks,
  type RowsHandler,
  selectRows,
  tablePasses,
  type TableRows,
  takeColumn,
} from "../table/mod.ts";
import type { ReadFeaturesOptions, ReadFeaturesResult } from "./read_dataset.ts";
import { besideTexts, type BlockTaker, type PassingFeatures } from "./passing_texts.ts";
import { besideWeights, rowWeights, type WeightsOption } from "./row_weights.ts";
import { nameOf, tableReader, type TableSource } from "./table_reader.ts";

/**
 * Reads the features of a table as `readFeatures` does, and hands them on in blocks.
 *
 * @param columns Columns whose texts are wanted as `readTexts` returns them. The file is read once more for
 * each, at the same time. Rows that only the faster readings have read are in memory.
 * @throws {RangeError} If there are no rows. The other errors are those of `readFeatures`.
 */
export async function passFeatures(
  file: TableSource,
  options: ReadFeaturesOptions & { readonly categorical: KnownCategories },
  taker: BlockTaker<PassingFeatures>,
  columns: readonly string[] = [],
): Promise<Omit<ReadFeaturesResult, "features">> {
  const { featureNames, unused = [], onProgress } = options;
  const passes = tablePasses({ target: null, featureNames, unused }, options, () => NO_TARGET);
  const forgotten = places(unused, featureNames);
  const most = 2 * passingBlockRows(featureNames.length);
  const table = await besideTexts(file, columns, most, taker, (others, wait) =>
    passAll(
      file,
      passes,
      async (progress) => {
        onProgress?.(progress);
        await wait();
      },
      {
        begin: others.begin,
        take(block) {
          forget(block.features, featureNames.length, forgotten);
          others.take(block);
        },
      },
    ));
  const { rows, categories, ignoredColumns, remarks } = table;
  requireRows(nameOf(file), rows, false);
  return { rows, columns: featureNames.length, categories, ignoredColumns, remarks };
}

/** The categories of columns. All are known before the table is read, so codes are final at once. */
export type KnownCategories = Readonly<Record<string, readonly string[]>>;

/** The columns of a table that are known before it is read, such as those of a model. */
export type KnownColumns = ReadDatasetOptions & WeightsOption & {
  readonly featureNames: readonly string[];
  readonly classes: readonly string[];
  readonly categorical: KnownCategories;
};

/**
 * Reads a table with targets as `readDataset` does, and passes it on in blocks. Each block is a data set.
 *
 * @returns The number of rows, and the rest of the result of `readDataset`.
 */
export async function passDataset(
  file: TableSource,
  options: KnownColumns,
  taker: BlockTaker<Dataset>,
): Promise<{
  readonly rows: number;
  readonly ignoredColumns: readonly string[];
  readonly remarks: readonly string[];
}> {
  const { weights, unused = [], target, task, classes, categorical } = options;
  const source = nameOf(file);
  const isNumber = task === "regression";
  const asked = weights === undefined ? options : besideWeights(source, options, weights);
  const { featureNames } = asked;
  const forgotten = places(unused, featureNames);
  const known = featureNames.map((name) => categorical[name] ?? null);
  const categories = known.every((own) => own === null) ? undefined : known;
  const names = { featureNames, categories, classes: isNumber ? [] : classes, target, source };
  const own = weights === undefined ? null : rowWeights(file, options, weights);
  const datasetOf = (block: PassingBlock): Dataset => {
    const { rows, features, targets } = block;
    forget(features, featureNames.length, forgotten);
    const ofTask = targets instanceof Float32Array
      ? { labels: new Int32Array(rows), targets }
      : { labels: targets };
    return { ...names, columns: featureNames.length, rows, features, ...ofTask };
  };
  const { dataset, ignoredColumns, remarks } = await passAll(
    file,
    recodedPasses(source, asked),
    options.onProgress,
    {
      begin() {
        own?.begin();
        taker.begin();
      },
      take(block) {
        const dataset = datasetOf(block);
        if (own === null) return taker.take(dataset);
        const { dataset: others, column } = takeColumn(dataset, weights!);
        const ofRows = own.take(column, block.first);
        if (ofRows !== null) taker.take({ ...others, weights: ofRows });
      },
    },
  );
  await own?.check();
  return { rows: dataset.rows, ignoredColumns, remarks };
}

/**
 * Reads a table with targets as {@linkcode passDataset} does, and keeps some of its rows. If the table has
 * more rows than are kept, it is read twice: the first reading counts the rows.
 *
 * @param choose Takes the number of rows and returns the chosen row numbers, from 0, in ascending order.
 * Called at most once.
 * @returns The chosen rows, the number of all rows, and the rest of the result of `readDataset`.
 */
export async function drawDataset(
  file: TableSource,
  options: KnownColumns,
  most: number,
  choose: (rows: number) => Int32Array,
): Promise<Awaited<ReturnType<typeof passDataset>> & { readonly dataset: Dataset }> {
  let [kept, seen]: [Dataset[], number] = [[], 0];
  const told = await passDataset(file, options, {
    begin: () => [kept, seen] = [[], 0],
    take(block) {
      seen += block.rows;
      // The next block may overwrite this one, so its rows are copied.
      if (seen <= most) kept.push(selectRows(block, rowNumbers(block.rows)));
      else kept = [];
    },
  });
  if (told.rows <= most) return { ...told, dataset: joinedRows(kept) };
  const chosen = choose(told.rows);
  await passDataset(file, options, {
    begin: () => [kept, seen] = [[], 0],
    take(block) {
      const own = chosen.filter((row) => row >= seen && row < seen + block.rows);
      if (own.length > 0) kept.push(selectRows(block, own.map((row) => row - seen)));
      seen += block.rows;
    },
  });
  return { ...told, dataset: joinedRows(kept) };
}

function rowNumbers(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

/** Reads a file as often as its passes ask for it, and passes its rows on. */
async function passAll<Result>(
  file: TableSource,
  passes: Generator<RowsHandler, Result, TableRows>,
  onProgress: ProgressListener | undefined,
  { begin, take }: BlockTaker<PassingBlock>,
): Promise<Result> {
  const read = tableReader(file);
  let step = passes.next();
  while (!step.done) {
    let blocks: RowBlocks | undefined;
    const handler: RowsHandler = {
      ...step.value,
      mayBeWhole: true,
      openBlocks(plan) {
        begin();
        return blocks = passingRows(plan, take);
      },
    };
    const table = await read(nameOf(file), handler, onProgress);
    // Some formats keep all rows in memory, and need no blocks.
    if (blocks === undefined && table.plan !== null) {
      begin();
      cut(table, take);
      step = passes.next({ ...table, features: new Float32Array(0) });
    } else step = passes.next(table);
  }
  return step.value;
}

/** Passes a table in memory on, in blocks. */
function cut({ rows, features, targets, plan }: TableRows, take: (block: PassingBlock) => void) {
  const width = plan!.featureNames.length;
  const height = passingBlockRows(width);
  for (let first = 0; first < rows;) {
    // No block has a single row, as in `passingRows`.
    const end = rows - first <= height + 1 ? rows : first + height;
    take({
      first,
      rows: end - first,
      features: features.subarray(first * width, end * width),
      targets: targets.subarray(first, end),
    });
    first = end;
  }
}

/** The indices of the columns that are not read. */
function places(unused: readonly string[], names: readonly string[]): number[] {
  const known = new Map(names.map((name, place) => [name, place]));
  return unused.flatMap((name) => known.get(name) ?? []);
}

/** Sets the columns that were not read to NaN. */
function forget(features: Float32Array, columns: number, places: readonly number[]): void {
  for (const place of places) {
    for (let i = place; i < features.length; i += columns) features[i] = NaN;
  }
}
