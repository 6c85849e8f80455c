import { node } from "../../../node.ts";
import {
  explainedReadError,
  filePieces,
  type ProgressListener,
  type RowsHandler,
  type TableRows,
} from "../../table/mod.ts";
import { labelNamesOf } from "./label_partner.ts";
import { quotedPath } from "../../../messages.ts";
import type { NpySource } from "./npy.ts";
import { readNpyRows } from "./npy_rows.ts";

/**
 * Reads an `.npy` file with a matrix of features, and the labels in the file beside it. The labels of
 * `X_train.npy` are in `y_train.npy` ({@link labelNamesOf} lists the pairs). The columns are `x0`, `x1` and
 * so on. The labels' column has the name of the word that differs: `y`. A column of the matrix may also be
 * the target.
 *
 * @throws {SyntaxError} If a file does not hold a whole array, or a value is missing.
 * @throws {TypeError} If an array is of the wrong type or shape.
 * @throws {RangeError} If a number is out of range.
 * @throws {Error} If a file cannot be read; the system's error is its `cause`.
 */
export async function readNpyTable(
  path: string,
  handler: RowsHandler,
  onProgress?: ProgressListener,
): Promise<TableRows> {
  const features = await npyFile(path, onProgress);
  const [, folder, stem, ending] = /^(.*[\\/])?([^\\/]*)(\.npy)$/i.exec(path)!;
  for (const { name, word } of labelNamesOf(stem)) {
    const beside = `${folder ?? ""}${name}${ending}`;
    if (!await isThere(beside)) continue;
    const labels = { source: await npyFile(beside), name: word };
    return await readNpyRows({ features, names: null, labels }, handler);
  }
  return await readNpyRows({ features, names: null, labels: null }, handler);
}

/** The bytes of an `.npy` file. */
export async function npyFile(
  path: string,
  onProgress?: ProgressListener,
): Promise<NpySource> {
  const { size } = await node.fs.promises.stat(path).catch((error) => {
    throw explainedReadError(error, path, "");
  });
  return {
    where: `Cannot read ${quotedPath(path)}`,
    bytes: size,
    async *pieces() {
      for await (const { bytes, bytesRead, bytesTotal } of filePieces(path, () => "")) {
        yield bytes;
        await onProgress?.({ bytesRead, bytesTotal, rows: 0 });
      }
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  return await node.fs.promises.stat(path).then((found) => found.isFile(), () => false);
}
