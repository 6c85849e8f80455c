import { quoted, quotedList, quotedPath } from "../../../messages.ts";
import { node } from "../../../node.ts";
import {
  explainedReadError,
  type ReadProgress,
  type RowsHandler,
  type TableRows,
} from "../../table/mod.ts";
import { asNpy } from "./as_npy.ts";
import { chooseArrays } from "./choose_arrays.ts";
import { type MatMatrix, matVariables } from "./mat_file.ts";
import type { NpySource } from "./npy.ts";
import { readNpyRows } from "./npy_rows.ts";

/**
 * Reads a `.mat` file of MATLAB's version 5 (`save -v6` and `-v7`, `scipy.io.savemat`) with a matrix of
 * features and a matrix of labels. The target names the labels: `Y` goes with `X`, `gnd` with `fea`,
 * `labels` with `features`, and so on. The labels may be a row or a column. The columns are `x0`, `x1` and
 * so on.
 *
 * @throws {SyntaxError} If the file is not a whole file of this version.
 * @throws {TypeError} If a matrix is missing, or does not hold numbers.
 * @throws {RangeError} If a number is out of range.
 * @throws {Error} If the file cannot be read; the system's error is its `cause`.
 */
export async function readMatTable(
  path: string,
  handler: RowsHandler,
  onProgress?: (progress: ReadProgress) => void,
): Promise<TableRows> {
  const where = `Cannot read ${quotedPath(path)}`;
  const bytes = await node.fs.promises.readFile(path).catch((error) => {
    throw explainedReadError(error, path, "");
  });
  onProgress?.({ bytesRead: bytes.length, bytesTotal: bytes.length, rows: 0 });
  const variables = matVariables(bytes, where);
  const matrices = variables.filter((variable) => "elements" in variable);
  const others = variables.filter((variable) => "refused" in variable);
  const refused = others.find(({ name }) => name === handler.target) ??
    (matrices.length === 0 ? others[0] : undefined);
  if (refused !== undefined) {
    throw new TypeError(
      `${where}, variable ${
        quoted(refused.name)
      }: found ${refused.refused}, need a matrix of numbers` +
        (matrices.length === 0 ? "" : ` such as ${quotedList(matrices.map(({ name }) => name))}`),
    );
  }
  const byName = new Map(matrices.map((matrix) => [matrix.name, matrix]));
  const { features, labels } = chooseArrays(byName, handler.target, path);
  return await readNpyRows({
    features: sourceOf(byName.get(features)!, where),
    names: null,
    labels: labels === null
      ? null
      : { source: sourceOf(inColumn(byName.get(labels)!), where), name: labels },
  }, handler);
}

/** Turns labels in a row into a list. */
function inColumn(matrix: MatMatrix): MatMatrix {
  const { shape } = matrix;
  return shape.length === 2 && shape[0] === 1 ? { ...matrix, shape: [shape[1]] } : matrix;
}

function sourceOf(matrix: MatMatrix, where: string): NpySource {
  const { name, elements } = matrix;
  return asNpy(`${where}, variable ${quoted(name)}`, matrix, async function* () {
    yield elements;
  });
}
