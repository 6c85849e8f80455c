/**
 * The cost of reading a table against its size, in every format: by columns, which is where a reader grows
 * with a square most easily, and by rows.
 *
 * @module
 */
import { processorSeconds } from "../../counters/mod.ts";
import { readDataset } from "../../data/mod.ts";
import { pathOfFileUrl } from "../../files/mod.ts";
import { logLogSlope } from "../measuring/mod.ts";

/** The files that `write_tables.py` writes. */
const FILES = [
  "numbers.csv",
  "texts.csv",
  "numbers.arff",
  "X.npy",
  "numbers.npz",
  "numbers.parquet",
  "texts.parquet",
];

/** Rows and columns of a table, beside its labels. */
export interface TableShape {
  readonly rows: number;
  readonly columns: number;
}

/** The cost of one format. */
export interface ReaderCost {
  readonly file: string;
  /** From the smallest table to the largest: seconds of the processor. */
  readonly points: readonly (TableShape & { readonly seconds: number })[];
  /** The exponent of growth with the cells over all sizes. */
  readonly exponent: number;
  /** The exponent over the last decade, where fixed costs hardly count. */
  readonly lastExponent: number;
  /** Bytes by which the process grew while it read the largest table. */
  readonly bytes: number;
}

/**
 * Reads tables of every shape in every format, and takes the least time of some rounds.
 *
 * @param shapes From the smallest to the largest.
 * @param folder A folder for the tables; the caller removes it.
 * @throws {Error} If Python, NumPy or PyArrow is missing, which write the tables.
 */
export async function readerCosts(
  shapes: readonly TableShape[],
  folder: string,
  onShape: (shape: TableShape) => void = () => {},
): Promise<ReaderCost[]> {
  const points = FILES.map((): ReaderCost["points"][number][] => []);
  const bytes = FILES.map(() => 0);
  for (const shape of shapes) {
    onShape(shape);
    await writeTables(shape, folder);
    const rounds = shape.rows * shape.columns > 1e6 ? 1 : 3;
    for (const [f, file] of FILES.entries()) {
      const before = Deno.memoryUsage().rss;
      bytes[f] = 0;
      const grow = () => bytes[f] = Math.max(bytes[f], Deno.memoryUsage().rss - before);
      let seconds = Infinity;
      for (let round = 0; round < rounds; round++) {
        const began = processorSeconds();
        await readDataset(`${folder}/${file}`, {
          target: "y",
          categorical: "auto",
          onProgress: grow,
        });
        seconds = Math.min(seconds, processorSeconds() - began);
        grow();
      }
      points[f].push({ ...shape, seconds });
    }
  }
  return FILES.map((file, f) => {
    const xy = points[f].map(({ rows, columns, seconds }) => ({ x: rows * columns, y: seconds }));
    const last = xy.filter(({ x }) => x > xy[xy.length - 1].x / 15);
    const exponents = { exponent: logLogSlope(xy), lastExponent: logLogSlope(last) };
    return { file, points: points[f], ...exponents, bytes: bytes[f] };
  });
}

async function writeTables({ rows, columns }: TableShape, folder: string): Promise<void> {
  const script = pathOfFileUrl(new URL("write_tables.py", import.meta.url));
  const { success, stderr } = await new Deno.Command("python3", {
    args: [script, folder, `${rows}`, `${columns}`],
  }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trimEnd().split("\n").pop();
  throw new Error(`Cannot write tables to read: ${reason}; need python3 with NumPy and PyArrow`);
}
