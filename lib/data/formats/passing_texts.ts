/**
 * Reads texts of columns beside the rows of a table, block by block. Each column has a reading of its own.
 * All readings keep the pace of the slowest.
 *
 * @module
 */
import type { PassingBlock } from "../table/mod.ts";
import { takeTexts } from "./column_texts.ts";
import type { TableSource } from "./table_reader.ts";

/** Takes the blocks of a table. */
export interface BlockTaker<Block> {
  /**
   * Called before the first row, and again if the file is read again. Earlier blocks then no longer count.
   */
  begin(): void;
  /** Takes the next block. The block after it reuses its arrays. */
  take(block: Block): void;
}

/** Neighbouring rows of a table, with texts beside their features. */
export interface PassingFeatures extends PassingBlock {
  /** For every requested column of texts, the cells of these rows as they are written. */
  readonly texts: readonly (readonly string[])[];
}

/** One of several simultaneous readings of a table. */
interface Reading {
  /** The number of rows that it has read. */
  rows: number;
  isDone: boolean;
}

/**
 * Reads a table and columns of texts side by side.
 *
 * @param most The number of rows by which a reading may be ahead of another before it waits.
 * @param taker Receives the rows with their texts.
 * @param readRows Reads the table. Passes every block to its first argument, and now and then awaits its
 * second.
 * @returns The outcome of `readRows`.
 * @throws The error of the first reading that fails. The others end then.
 */
export async function besideTexts<Result>(
  file: TableSource,
  columns: readonly string[],
  most: number,
  taker: BlockTaker<PassingFeatures>,
  readRows: (taker: BlockTaker<PassingBlock>, wait: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  if (columns.length === 0) {
    const take = (block: PassingBlock) => taker.take({ ...block, texts: [] });
    return await readRows({ begin: () => taker.begin(), take }, () => Promise.resolve());
  }
  const readings: Reading[] = [0, ...columns].map(() => ({ rows: 0, isDone: false }));
  const [ofRows, ...ofTexts] = readings;
  const texts: string[][] = columns.map(() => []);
  let blocks: PassingBlock[] = [];
  let failure: { readonly error: unknown } | null = null;
  let wake = () => {};
  let woken = new Promise<void>((resolve) => wake = resolve);

  /** Says that something has changed. */
  function changed(): void {
    wake();
    woken = new Promise<void>((resolve) => wake = resolve);
  }

  /** Waits until no other reading is far behind. */
  async function wait(own: Reading): Promise<void> {
    changed();
    for (;;) {
      if (failure !== null) throw failure.error;
      if (!readings.some((other) => !other.isDone && own.rows > other.rows + most)) return;
      await woken;
    }
  }

  /** Passes on the blocks whose texts have been read. */
  function give(): void {
    const whole = blocks.findIndex(({ first, rows }) =>
      ofTexts.some((own) => own.rows < first + rows)
    );
    for (const block of blocks.splice(0, whole < 0 ? blocks.length : whole)) {
      taker.take({ ...block, texts: texts.map((own) => own.splice(0, block.rows)) });
    }
  }

  async function reading<Own>(own: Reading, work: () => Promise<Own>): Promise<Own> {
    try {
      return await work();
    } catch (error) {
      failure ??= { error };
      throw error;
    } finally {
      own.isDone = true;
      changed();
    }
  }

  const all = [
    reading(ofRows, () =>
      readRows({
        begin() {
          blocks = [];
          taker.begin();
        },
        take(block) {
          blocks.push({
            ...block,
            features: block.features.slice(),
            targets: block.targets.slice(),
          });
          ofRows.rows = block.first + block.rows;
          give();
        },
      }, () => wait(ofRows))),
    ...columns.map((column, c) =>
      reading(ofTexts[c], () =>
        takeTexts(file, column, (text) => {
          texts[c].push(text);
          ofTexts[c].rows++;
        }, async () => {
          give();
          await wait(ofTexts[c]);
        }))
    ),
  ] as const;
  const [rows] = await Promise.allSettled(all);
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
  give();
  return (rows as PromiseFulfilledResult<Result>).value;
}
