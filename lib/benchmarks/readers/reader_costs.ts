/**
 * The cost of reading a table against its size, in every format. Tables grow by rows and by columns. With
 * columns, the cost of a reader most easily grows quadratically.
 *
 * @module
 */
import { pathOfFileUrl } from "../../files/mod.ts";
import { node } from "../../node.ts";
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

/** Rows and columns of a table, without its labels. */
export interface TableShape {
  readonly rows: number;
  readonly columns: number;
}

/** The cost of one table. */
export interface ReaderPoint extends TableShape {
  /** Seconds of the processor. */
  readonly seconds: number;
  /** Bytes by which the process grew at its peak. */
  readonly bytes: number;
}

/** The exponents of growth with the cells. */
export interface GrowthExponents {
  /** The exponent over all sizes. */
  readonly exponent: number;
  /** The exponent over the last decade, where fixed costs hardly count. */
  readonly lastExponent: number;
}

/** The cost of one format. */
export interface ReaderCost {
  readonly file: string;
  /** From the smallest table to the largest. */
  readonly points: readonly ReaderPoint[];
  readonly time: GrowthExponents;
  readonly memory: GrowthExponents;
}

/** Options of {@linkcode readerCosts}. */
export interface ReaderCostOptions {
  /** A folder for the tables; the caller removes it. */
  readonly folder: string;
  /** The Deno to start processes with: a path, or a name that PATH knows. */
  readonly deno: string;
  /** The files to read. Left out: all written files. */
  readonly files?: readonly string[];
  /** Called before the tables of a shape are written. */
  readonly onShape?: (shape: TableShape) => void;
}

/**
 * Reads tables of every shape in every format, each in a separate process. Takes the least time of several
 * rounds, and the peak memory of the first round.
 *
 * @param shapes From the smallest to the largest.
 * @throws {Error} If Python, NumPy or PyArrow is missing, which are needed to write the tables, or if a
 * table cannot be read.
 */
export async function readerCosts(
  shapes: readonly TableShape[],
  { folder, deno, files = FILES, onShape = () => {} }: ReaderCostOptions,
): Promise<ReaderCost[]> {
  const points = files.map((): ReaderPoint[] => []);
  for (const shape of shapes) {
    onShape(shape);
    await writeTables(shape, folder);
    const rounds = shape.rows * shape.columns > 1e6 ? 1 : 3;
    for (const [f, file] of files.entries()) {
      points[f].push({
        ...shape,
        ...await readInProcess(`${folder}/${file}`, rounds, folder, deno),
      });
    }
  }
  return files.map((file, f) => ({
    file,
    points: points[f],
    time: exponentsOf(points[f], ({ seconds }) => seconds),
    memory: exponentsOf(points[f], ({ bytes }) => bytes),
  }));
}

function exponentsOf(
  points: readonly ReaderPoint[],
  cost: (point: ReaderPoint) => number,
): GrowthExponents {
  const xy = points.map((point) => ({ x: point.rows * point.columns, y: cost(point) }));
  const last = xy.filter(({ x }) => x > xy[xy.length - 1].x / 15);
  return { exponent: logLogSlope(xy), lastExponent: logLogSlope(last) };
}

async function readInProcess(
  path: string,
  rounds: number,
  folder: string,
  deno: string,
): Promise<{ seconds: number; bytes: number }> {
  const program = pathOfFileUrl(new URL("read_once.ts", import.meta.url));
  const out = `${folder}/cost.json`;
  const { success, stderr } = await new Deno.Command(deno, {
    // Deno permits /proc, which has the peak memory of a process, only with all permissions. The program
    // reads the table and writes its cost.
    args: ["run", "--no-prompt", "--quiet", "--allow-all", program, path, `${rounds}`, out],
  }).output();
  if (success) return JSON.parse(node.fs.readFileSync(out, "utf8"));
  throw new Error(`Cannot measure the reading of "${path}": ${reasonOf(stderr)}`);
}

async function writeTables({ rows, columns }: TableShape, folder: string): Promise<void> {
  const script = pathOfFileUrl(new URL("write_tables.py", import.meta.url));
  const { success, stderr } = await new Deno.Command("python3", {
    args: [script, folder, `${rows}`, `${columns}`],
  }).output();
  if (success) return;
  const need = "need python3 with NumPy and PyArrow";
  throw new Error(`Cannot write tables to read: ${reasonOf(stderr)}; ${need}`);
}

/** The line with the error, or the last line. */
function reasonOf(output: Uint8Array): string {
  const lines = new TextDecoder().decode(output).trimEnd().split("\n");
  return lines.find((line) => line.startsWith("error: ")) ?? lines[lines.length - 1];
}
