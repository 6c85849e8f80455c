/**
 * The costs of a program on a Cortex-M4: flash, RAM, and instructions per row.
 *
 * @module
 */
import type { Dataset } from "../../data/table/mod.ts";
import type { ExportedFile } from "../../exports/mod.ts";
import { node } from "../../node.ts";
import type { Preprocessing } from "../../data/preprocessing/mod.ts";
import { modelFeatures } from "../../prediction/mod.ts";
import { compileForM4, countingMain, instructionsPerRow, rowsFile, runOnM4 } from "./cortex_m4.ts";

/** The cost of a program on a Cortex-M4. */
export interface OnM4 {
  /** Bytes of flash, from the binary. */
  readonly flash: number;
  /** Bytes of RAM, from the binary, without the stack. */
  readonly ram: number;
  /** Instructions per row: the mean over some test rows. */
  readonly instructions: number;
}

/** The compiler flags of all binaries. */
export const FLAGS = "-std=gnu11 -Os";

/** The number of test rows on which instructions are counted. */
const COUNTED = 40;

/** Some rows of a table in the form that a program in C takes. */
export function rowsOf(preprocessing: Preprocessing, dataset: Dataset): ExportedFile {
  return someRows(modelFeatures(preprocessing, dataset), dataset.columns);
}

/** The first rows of a matrix, on which instructions are counted. */
export function someRows(features: Float32Array, columns: number): ExportedFile {
  return rowsFile(features.subarray(0, COUNTED * columns), columns);
}

/** The costs of an exported program that predicts a class. */
export function costsOf(files: readonly ExportedFile[], rows: ExportedFile): OnM4 {
  return onM4([...files, rows, countingMain(INCLUDE, CALL)]);
}

/** The lines before a main program that calls an exported one, and the call for the class of row `x`. */
export const [INCLUDE, CALL] = ['#include "model.h"', "predict_class(x)"];

/** Compiles files, which include rows, and counts the instructions per row. */
export function onM4(files: Parameters<typeof compileForM4>[0], flags: string = FLAGS): OnM4 {
  return inNewFolder((folder) => {
    const { flash, ram } = compileForM4(files, folder, flags);
    const counted = instructionsPerRow(runOnM4(folder), COUNTED);
    // The rows are not part of the program, so their bytes do not count.
    const rows = files.find(({ name }) => name === "rows.h")!.content as string;
    const bytes = 4 * (rows.match(/\d+UL/g)?.length ?? 0);
    return { flash: flash - bytes, ram, instructions: counted };
  });
}

/** Calls a function with a new folder, and removes the folder afterwards. */
export function inNewFolder<Result>(use: (folder: string) => Result): Result {
  const folder = Deno.makeTempDirSync({ prefix: "sparsemble-" });
  const remove = () => node.fs.rmSync(folder, { recursive: true, force: true });
  const result = use(folder);
  if (!(result instanceof Promise)) {
    remove();
    return result;
  }
  return result.finally(remove) as Result;
}
