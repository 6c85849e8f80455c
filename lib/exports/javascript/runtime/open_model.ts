import type { ArrayPlace, Facts, MemberSum, ReadArray } from "./facts.ts";
import type { inputMaker } from "./make_inputs.ts";
import type { plainMembers } from "./plain_members.ts";
import type { Row, rowReader } from "./read_rows.ts";
import type { wasmMembers } from "./wasm_members.ts";

/** The parts of a module of an exported model. */
export interface Parts {
  /** The model without its arrays. */
  readonly facts: Facts;
  /** The bytes of its arrays, in base64. */
  readonly arrays: string;
  /** The kernels in base64 by their names, the best ones first. */
  readonly kernels: Readonly<Record<string, string>>;
  /** The functions of the runtime. */
  readonly rowReader: typeof rowReader;
  readonly inputMaker: typeof inputMaker;
  readonly wasmMembers: typeof wasmMembers;
  readonly plainMembers: typeof plainMembers;
  readonly normalQuantile: (p: number) => number;
  /** The least probability of the library. */
  readonly leastProbability: number;
}

/** An exported model, open. */
export interface ExportedModel {
  /** The name of the kernels in use: `relaxed-simd`, `simd` or `javascript`. */
  kernels(): string;
  /** The probabilities of the classes for every row. */
  predictProba(rows: readonly Row[]): Float32Array[];
  /** The most probable class of every row. */
  predictClasses(rows: readonly Row[]): string[];
  /** The classes of every row's set. */
  predictSets(rows: readonly Row[]): string[][];
  /** The predicted number of every row. */
  predictNumbers(rows: readonly Row[]): number[];
  /** The interval of every row's number. */
  predictIntervals(rows: readonly Row[]): { lower: number; upper: number }[];
}

/**
 * Puts the parts of an exported model together. Its arrays are read when it first predicts.
 *
 * It goes into exported modules as it stands: it must not use anything from outside but its arguments.
 */
export function openModel(parts: Parts): ExportedModel {
  const { facts, leastProbability } = parts;
  const { output, conformal } = facts;

  const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  };

  const openMembers = (read: ReadArray): { name: string; sum: MemberSum } => {
    for (const [name, base64] of Object.entries(parts.kernels)) {
      try {
        return { name, sum: parts.wasmMembers(facts, read, bytesOf(base64)) };
      } catch {
        // These kernels do not run here.
      }
    }
    return { name: "javascript", sum: parts.plainMembers(facts, read) };
  };

  const readRows = parts.rowReader(facts);
  let opened: { name: string; predict: (rows: readonly Row[]) => Float32Array } | undefined;
  const open = () => {
    if (opened !== undefined) return opened;
    const bytes = bytesOf(parts.arrays);
    const Types = { Float32Array, Float64Array, Uint8Array, Uint16Array, Int32Array };
    const read: ReadArray = ({ type, at, length }: ArrayPlace) => {
      const Type = Types[type];
      return new Type(bytes.buffer.slice(at, at + length * Type.BYTES_PER_ELEMENT));
    };
    const makeInputs = parts.inputMaker(facts, read, parts.normalQuantile);
    const { name, sum } = openMembers(read);
    const predict = (rows: readonly Row[]) => {
      const features = readRows(rows);
      return sum(makeInputs(features, rows.length), rows.length);
    };
    return opened = { name, predict };
  };

  const finite = (values: Float32Array, row: number): Float32Array => {
    if (values.every(Number.isFinite)) return values;
    throw new RangeError(
      `Cannot predict row ${row}: found outputs that are not finite, need values nearer to the ` +
        "training rows'",
    );
  };

  const calibrated = (p: Float32Array): Float32Array => {
    if (output.kind === "number" || output.temperature === null) return p;
    const { temperature } = output;
    const logarithms = Array.from(p, (one) => Math.log(Math.max(one, leastProbability)));
    const most = Math.max(...logarithms);
    const powers = logarithms.map((one) => Math.exp((one - most) / temperature));
    const sum = powers.reduce((a, b) => a + b, 0);
    return Float32Array.from(powers, (power) => power / sum);
  };

  const predictProba = (rows: readonly Row[]): Float32Array[] => {
    const sums = open().predict(rows);
    const width = sums.length / rows.length;
    return rows.map((_, row) => {
      const own = sums.slice(row * width, (row + 1) * width);
      return calibrated(finite(own, row));
    });
  };

  const best = (p: Float32Array): number => p.indexOf(p.reduce((a, b) => b > a ? b : a));
  const classes = output.kind === "classes" ? output.classes : [];

  const predictNumbers = (rows: readonly Row[]): number[] => {
    const { mean, deviation } = output as Extract<typeof output, { kind: "number" }>;
    const scaled = open().predict(rows);
    const values = scaled.map((one) => mean + deviation * one);
    return Array.from(values, (value, row) => finite(Float32Array.of(value), row)[0]);
  };

  return {
    kernels: () => open().name,
    predictProba,
    predictClasses: (rows) => predictProba(rows).map((p) => classes[best(p)]),
    predictSets: (rows) =>
      predictProba(rows).map((p) =>
        classes.filter((_, c) => c === best(p) || 1 - p[c] <= conformal!.quantile)
      ),
    predictNumbers,
    predictIntervals: (rows) =>
      predictNumbers(rows).map((value) => ({
        lower: value - conformal!.quantile,
        upper: value + conformal!.quantile,
      })),
  };
}
