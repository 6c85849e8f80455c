/**
 * Writes the steps from raw columns to the members' inputs as ONNX operators. Numbers are scaled in 64-bit
 * floats, as in the library.
 *
 * @module
 */
import type { CategoryInputs, ExportPlan, NumberInput, TextColumn } from "../plan.ts";
import type { Graph } from "./graph.ts";
import { normalScores } from "./normal_scores.ts";
import { missingWords } from "./missing_words.ts";

/** The raw columns of each input of the graph. */
export interface RawPorts {
  /** The raw columns of numbers, in the order of the input `features`. */
  readonly numbers: readonly number[];
  /** The columns of texts, in the order of the input `categories`; empty if no step uses one. */
  readonly texts: readonly TextColumn[];
}

/** The names of the values that are computed from the graph's inputs. */
export interface PreparedRows {
  /** The members' inputs: rows × inputs. */
  readonly inputs: string;
  /** Rows × 1: NaN if the library refuses the row, otherwise 0. */
  readonly refused: string;
}

/** The graph's input of numbers. */
export const FEATURES = "features";
/** The graph's input of categories' texts. */
export const CATEGORIES = "categories";

/** The codes of a missing category, and of a category without an input. */
const [MISSING, NONE] = [-2n, -1n];

/** Adds the operators that prepare rows. */
export function addInputs(graph: Graph, plan: ExportPlan, raw: RawPorts): PreparedRows {
  const { numbers, missing, categories } = plan;
  const parts: string[] = [];
  /** For every column of the joined parts, its input. */
  const order: number[] = [];
  let refused = graph.constant({ data: Float32Array.of(0), shape: [1, 1] });
  if (numbers.length > 0) {
    const scaled = scaledNumbers(graph, numbers, raw);
    parts.push(scaled.inputs);
    refused = scaled.refused;
    for (const { input } of numbers) order.push(input);
  }
  const isUsed = ({ column }: TextColumn) =>
    [...categories, ...missing].some((one) => one.column === column);
  const codes = new Map<number, string>();
  raw.texts.forEach((text, place) => {
    if (isUsed(text)) codes.set(text.column, categoryCodes(graph, text, place, plan));
  });
  const ofNumbers = missing.filter(({ column }) => !codes.has(column));
  if (ofNumbers.length > 0) {
    const places = ofNumbers.map(({ column }) => raw.numbers.indexOf(column));
    const columns = selectColumns(graph, FEATURES, places, raw.numbers.length);
    parts.push(asFloats(graph, graph.add("IsNaN", [columns])));
    for (const { input } of ofNumbers) order.push(input);
  }
  for (const { column, input } of missing.filter(({ column }) => codes.has(column))) {
    parts.push(isOneOf(graph, codes.get(column)!, [MISSING]));
    order.push(input);
  }
  for (const column of categories) {
    const own = inputsOf(column);
    parts.push(isOneOf(graph, codes.get(column.column)!, own.map(BigInt)));
    order.push(...own);
  }
  const joined = parts.length === 1 ? parts[0] : graph.add("Concat", parts, { axis: 1n });
  const places = Array.from({ length: plan.inputs }, (_, input) => order.indexOf(input));
  return { inputs: selectColumns(graph, joined, places, order.length), refused };
}

/** Columns of a matrix: the matrix itself if it is all of them in order. */
function selectColumns(
  graph: Graph,
  matrix: string,
  places: readonly number[],
  columns: number,
): string {
  if (places.length === columns && places.every((place, i) => place === i)) return matrix;
  const indices = graph.constant({
    data: BigInt64Array.from(places, BigInt),
    shape: [places.length],
  });
  return graph.add("Gather", [matrix, indices], { axis: 1n });
}

function scaledNumbers(
  graph: Graph,
  numbers: readonly NumberInput[],
  raw: RawPorts,
): PreparedRows {
  const places = numbers.map(({ column }) => raw.numbers.indexOf(column));
  let filled = selectColumns(graph, FEATURES, places, raw.numbers.length);
  const row = (values: Float32Array | Float64Array) =>
    graph.constant({ data: values, shape: [1, values.length] });
  if (numbers.every(({ median }) => median !== null)) {
    const medians = row(Float32Array.from(numbers, ({ median }) => median!));
    filled = graph.add("Where", [graph.add("IsNaN", [filled]), medians, filled]);
  }
  const inputs = scaled(graph, numbers, filled);
  // A network would give an answer for infinite inputs, so such rows are refused. A missing value without a
  // median is NaN already. Infinite numbers are also refused in columns that no step uses.
  const isWrong = graph.add("Or", [graph.add("IsInf", [inputs]), graph.add("IsNaN", [inputs])]);
  const refused = graph.add("Add", [
    nanWhere(graph, graph.add("IsInf", [FEATURES])),
    nanWhere(graph, isWrong),
  ]);
  return { inputs, refused };
}

/** Rows × 1: NaN for a row with a mark in some column, 0 for others. */
function nanWhere(graph: Graph, marks: string): string {
  const scalar = (value: number) => graph.constant({ data: Float32Array.of(value), shape: [1, 1] });
  const axes = graph.constant({ data: BigInt64Array.of(1n), shape: [1] });
  const each = graph.add("Where", [marks, scalar(NaN), scalar(0)]);
  return graph.add("ReduceSum", [each, axes], { keepdims: 1n });
}

/** Numbers without missing ones, scaled. */
function scaled(graph: Graph, numbers: readonly NumberInput[], filled: string): string {
  const scalings = numbers.map(({ scaling }) => scaling);
  if (scalings.every(({ kind }) => kind === "none")) return filled;
  const exact = graph.add("Cast", [filled], { to: 11n });
  const byRank = scalings.find((one) => one.kind === "quantile");
  if (byRank !== undefined) {
    const tables = scalings.map((one) => one.kind === "quantile" ? one.quantiles : null);
    return graph.add("Cast", [normalScores(graph, exact, tables, byRank.beyond)], { to: 1n });
  }
  const row = (values: number[]) =>
    graph.constant({ data: Float64Array.from(values), shape: [1, values.length] });
  const centres = scalings.map((one) => one.kind === "linear" ? one.centre : 0);
  // In a constant column, every finite number becomes 0.
  const widths = scalings.map((one) =>
    one.kind === "linear" ? one.width : one.kind === "none" ? 1 : Infinity
  );
  const distance = graph.add("Sub", [exact, row(centres)]);
  return graph.add("Cast", [graph.add("Div", [distance, row(widths)])], { to: 1n });
}

/**
 * Maps a column of categories to the inputs that they set, or to the codes for no input and for a missing
 * value.
 */
function categoryCodes(
  graph: Graph,
  { column, categories: names }: TextColumn,
  place: number,
  plan: ExportPlan,
): string {
  const planned = plan.categories.find((one) => one.column === column);
  const known = new Set(names);
  const missing = missingWords().filter((word) => !known.has(word));
  const values = [
    ...names.map((_, code) => BigInt(planned?.inputs[code] ?? NONE)),
    ...missing.map(() => MISSING),
  ];
  const index = graph.constant({ data: BigInt64Array.of(BigInt(place)), shape: [1] });
  return graph.add(
    "ai.onnx.ml.LabelEncoder",
    [graph.add("Gather", [CATEGORIES, index], { axis: 1n })],
    {
      keys_strings: [...names, ...missing],
      values_int64s: values,
      default_int64: planned === undefined ? NONE : BigInt(planned.other),
    },
  );
}

/** The inputs of a column of categories, ascending. */
function inputsOf({ inputs, other }: CategoryInputs): number[] {
  return [...new Set([...inputs, other])].filter((input) => input >= 0).sort((a, b) => a - b);
}

/** Rows × codes: 1 if the row has the code, otherwise 0. */
function isOneOf(graph: Graph, codes: string, which: readonly bigint[]): string {
  const wanted = graph.constant({ data: BigInt64Array.from(which), shape: [1, which.length] });
  return asFloats(graph, graph.add("Equal", [codes, wanted]));
}

function asFloats(graph: Graph, value: string): string {
  return graph.add("Cast", [value], { to: 1n });
}
