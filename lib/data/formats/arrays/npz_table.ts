import {
  explainedReadError,
  type ReadProgress,
  type RowsHandler,
  type TableRows,
} from "../../table/mod.ts";
import { MAX_COLUMNS } from "../csv_row.ts";
import { chooseArrays, NAMES } from "./choose_arrays.ts";
import { quoted, quotedPath } from "../../../messages.ts";
import { type NpySource, readNpyHeader, readNpyTexts } from "./npy.ts";
import { readNpyRows } from "./npy_rows.ts";
import { zipContent, zipEntries, type ZipEntry } from "../zip/mod.ts";

/**
 * Reads an `.npz` archive with a matrix of features and an array of labels. The target names the array of
 * labels. The array of features has the partner's name: `X` for the target `y`, `x_train` for `y_train`
 * ({@link labelNamesOf} lists the pairs). The array `feature_names` names the columns. Without it they are
 * `x0`, `x1` and so on.
 *
 * @throws {SyntaxError} If the file is not a whole archive of arrays, or a value is missing.
 * @throws {TypeError} If an array is missing or of the wrong type or shape.
 * @throws {RangeError} If a number is out of range.
 * @throws {Error} If the file cannot be read; the system's error is its `cause`.
 */
export async function readNpzTable(
  path: string,
  handler: RowsHandler,
  onProgress?: (progress: ReadProgress) => void,
): Promise<TableRows> {
  try {
    const arrays = new Map<string, NpySource>();
    for (const entry of await zipEntries(path)) {
      if (!entry.name.endsWith(".npy")) continue;
      arrays.set(entry.name.slice(0, -".npy".length), entrySource(path, entry, onProgress));
    }
    const { features, labels } = chooseArrays(arrays, handler.target, path);
    const named = arrays.get(NAMES);
    return await readNpyRows({
      features: arrays.get(features)!,
      names: named === undefined ? null : await texts(named),
      labels: labels === null ? null : { source: arrays.get(labels)!, name: labels },
    }, handler);
  } catch (error) {
    throw explainedReadError(error, path, "");
  }
}

function entrySource(
  path: string,
  entry: ZipEntry,
  onProgress?: (progress: ReadProgress) => void,
): NpySource {
  return {
    where: `Cannot read ${quotedPath(path)}, array ${quoted(entry.name.slice(0, -4))}`,
    bytes: entry.bytes,
    async *pieces() {
      let read = 0;
      for await (const piece of zipContent(path, entry)) {
        yield piece;
        read += piece.length;
        // The progress counts this array alone. The rest of the archive is not read.
        onProgress?.({ bytesRead: read, bytesTotal: entry.bytes, rows: 0 });
      }
    },
  };
}

async function texts(source: NpySource): Promise<string[]> {
  const header = await readNpyHeader(source);
  if ((header.kind !== "U" && header.kind !== "S") || header.shape.length !== 1) {
    throw new TypeError(`${source.where}: found no list of texts, need the columns' names`);
  }
  if (header.size > MAX_COLUMNS) {
    throw new RangeError(
      `${source.where}: found ${header.size} names, need at most ${MAX_COLUMNS}`,
    );
  }
  const found: string[] = [];
  await readNpyTexts(source, header, (text) => found.push(text));
  return found;
}
