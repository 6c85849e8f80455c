/**
 * Reads the IDX format of MNIST and similar data sets (Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST
 * database of handwritten digits", http://yann.lecun.com/exdb/mnist/). A file has two zeros, the type of an
 * element, the number of axes, the lengths of the axes as 32-bit integers, and the elements. All numbers
 * are big-endian.
 *
 * @module
 */
import { quotedPath } from "../../../messages.ts";
import { node } from "../../../node.ts";
import {
  explainedReadError,
  filePieces,
  type ReadProgress,
  type RowsHandler,
  type TableRows,
} from "../../table/mod.ts";
import { asNpy, bytesOfType, type OtherArray } from "./as_npy.ts";
import type { NpySource } from "./npy.ts";
import { readNpyRows } from "./npy_rows.ts";

/** The types of elements, by their code. */
const TYPES: Readonly<Record<number, string>> = {
  0x08: "|u1",
  0x09: "|i1",
  0x0b: ">i2",
  0x0c: ">i4",
  0x0d: ">f4",
  0x0e: ">f8",
};

/** An upper bound of gzip's compression ratio. */
const MOST_PACKED = 1100;

/** The name of the labels' column. */
const LABELS = "labels";

/**
 * Reads an IDX file of images and the labels in the file beside it. Each image becomes a row of its pixels.
 * The labels of `train-images-idx3-ubyte` are in `train-labels-idx1-ubyte`, those of `test-images.idx` in
 * `test-labels.idx`, and so on. Each file may end in `.gz`. The columns are `x0`, `x1` and so on; the
 * labels' column is `labels`.
 *
 * @throws {SyntaxError} If a file does not hold a whole array.
 * @throws {TypeError} If an array is of the wrong shape.
 * @throws {RangeError} If there are too many columns.
 * @throws {Error} If a file cannot be read; the system's error is its `cause`.
 */
export async function readIdxTable(
  path: string,
  handler: RowsHandler,
  onProgress?: (progress: ReadProgress) => void,
): Promise<TableRows> {
  const features = await idxFile(path, onProgress);
  for (const beside of labelPaths(path)) {
    const isThere = await node.fs.promises.stat(beside).then((it) => it.isFile(), () => false);
    if (!isThere) continue;
    const labels = { source: await idxFile(beside), name: LABELS };
    return await readNpyRows({ features, names: null, labels }, handler);
  }
  return await readNpyRows({ features, names: null, labels: null }, handler);
}

/**
 * The files that may hold the labels of a file of images. Empty if the file's name does not contain
 * `images`.
 */
function labelPaths(path: string): string[] {
  const [, folder, name] = /^(.*[\\/])?([^\\/]*)$/.exec(path)!;
  const other = name.replace(/images(?!.*images)/, "labels").replace(
    /idx\d/i,
    (idx) => `${idx.slice(0, 3)}1`,
  );
  if (!/images/.test(name)) return [];
  const plain = other.replace(/\.gz$/i, "");
  return [other, plain, `${plain}.gz`].map((file) => `${folder ?? ""}${file}`);
}

/** The array of an IDX file as a matrix, with one row per index of the first axis. */
async function idxFile(
  path: string,
  onProgress?: (progress: ReadProgress) => void,
): Promise<NpySource> {
  const where = `Cannot read ${quotedPath(path)}`;
  const { size } = await node.fs.promises.stat(path).catch((error) => {
    throw explainedReadError(error, path, "");
  });
  const { start, ...array } = await readHeader(path, where);
  const wanted = array.shape.reduce((product, length) => product * length, 1) *
    bytesOfType(array.type);
  const isPacked = /\.gz$/i.test(path);
  // Checks the size that the header claims, before memory is taken for it.
  if (isPacked ? wanted > MOST_PACKED * size : wanted !== size - start) {
    const found = isPacked ? `${size} bytes of gzip data` : `${size - start} bytes of elements`;
    throw wrongSize(where, found, wanted, array);
  }
  return asNpy(where, array, async function* () {
    let [skip, read] = [start, 0];
    for await (const { bytes, bytesRead, bytesTotal } of filePieces(path, () => "")) {
      const piece = bytes.subarray(skip);
      skip = Math.max(0, skip - bytes.length);
      read += piece.length;
      if (read > wanted) throw wrongSize(where, "more elements", wanted, array);
      yield piece;
      onProgress?.({ bytesRead, bytesTotal, rows: 0 });
    }
  });
}

function wrongSize(where: string, found: string, wanted: number, { shape }: OtherArray) {
  return new SyntaxError(
    `${where}: found ${found}, need ${wanted} bytes for ${shape.join(" × ")} elements, as its ` +
      "header says",
  );
}

/** Reads the header. Returns its length, and the type and shape of the matrix that follows it. */
async function readHeader(path: string, where: string): Promise<OtherArray & { start: number }> {
  const head = new Uint8Array(4 + 4 * 255);
  let length = 0;
  for await (const { bytes } of filePieces(path, () => "")) {
    const part = bytes.subarray(0, head.length - length);
    head.set(part, length);
    length += part.length;
    if (length >= 4 && length >= 4 + 4 * head[3]) break;
  }
  const type = TYPES[head[2]];
  const axes = head[3];
  if (length < 4 || head[0] !== 0 || head[1] !== 0 || type === undefined || axes === 0) {
    throw new SyntaxError(`${where}: found other data, need an array in the IDX format`);
  }
  if (length < 4 + 4 * axes) {
    throw new SyntaxError(`${where}: found the end of the data within the header, need all of it`);
  }
  const view = new DataView(head.buffer);
  const [rows, ...sides] = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const pixels = sides.reduce((product, side) => product * side, 1);
  if (!Number.isSafeInteger(rows * pixels * bytesOfType(type))) {
    throw new SyntaxError(`${where}: found ${[rows, ...sides].join(" × ")} elements, need fewer`);
  }
  const shape = axes === 1 ? [rows] : [rows, pixels];
  return { type, shape, fortranOrder: false, start: 4 + 4 * axes };
}
